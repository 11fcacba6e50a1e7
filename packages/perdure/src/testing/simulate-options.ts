/** Options of a simulation. */
import {
  PerdureError, type HistoryEventView, type WorkflowClient, type WorkflowFunction, type WorkflowHandle, type WorkflowResult,
} from '@perdure/engine'
import { faultProblem, faultTypes, type Fault, type FaultType, type SimulatedCall } from '@perdure/testing'
import type { Duration } from '@perdure/workflow'
import { didYouMean, unknownOptionHint } from '@perdure/workflow/host'
import { checkedConverters, type DataConverter, type Interceptors, type WorkerOptions } from '../engine-options.ts'
import type { FunctionModule } from '../registration.ts'

/** How the execution ended. */
export interface SimulatedOutcome<F extends WorkflowFunction> {
  readonly status: string
  /** Of one that completed. */
  readonly result: WorkflowResult<F> | undefined
  /** Of one that did not. */
  readonly failure: Error | undefined
}

/** One run that is over: what invariants look at. */
export interface FinishedRun<F extends WorkflowFunction, World> {
  readonly outcome: SimulatedOutcome<F>
  readonly history: readonly HistoryEventView[]
  /** Attempts that began, in their order. */
  readonly calls: readonly SimulatedCall[]
  /** What `world` made for this run, as the activities left it. */
  readonly world: World
  readonly seed: number
  readonly faults: readonly Fault[]
  /** Virtual time that passed. */
  readonly tookMs: number
}

/** What somebody does from outside while the execution runs. */
export interface Bystander<F extends WorkflowFunction, World> {
  readonly handle: WorkflowHandle<F>
  readonly client: WorkflowClient
  readonly world: World
  /** Lets virtual time pass. */
  readonly sleep: (duration: Duration) => Promise<void>
}

export type Invariant<F extends WorkflowFunction, World> = (run: FinishedRun<F, World>) => unknown

export interface SimulateSettings<F extends WorkflowFunction, World> {
  /** Other workflows that it starts. */
  readonly workflows?: FunctionModule
  /** Activities by name; or what makes them for one run, from its world. They may wait for time, and for nothing outside. */
  readonly activities?: FunctionModule | ((world: World) => FunctionModule)
  /** Makes what the activities of one run share: accounts, mails sent. A new one for each run. */
  readonly world?: () => World
  /** Signals and the like, while it runs. */
  readonly during?: (bystander: Bystander<F, World>) => unknown
  /** What must hold of every run: each throws, or returns false, when it does not. */
  readonly invariants?: Readonly<Record<string, Invariant<F, World>>>
  /** How many seeds, or which. Default 100. */
  readonly seeds?: number | readonly number[]
  /** What may go wrong. Default: everything. */
  readonly faults?: readonly FaultType[]
  /** Only this run: what a failure told. */
  readonly reproduce?: { readonly seed: number; readonly faults: readonly Fault[] }
  /** Queues that are served. Default ['default']. */
  readonly taskQueues?: readonly string[]
  /** As of Engine.open(): those of workflows and of activities. */
  readonly interceptors?: Pick<Interceptors, 'workflow' | 'activity'>
  /** As of a worker: which errors fail a workflow. Default { '*': ['Error'] }: every error; {}: as on Temporal. */
  readonly workflowFailureErrorTypes?: NonNullable<WorkerOptions['workflowFailureErrorTypes']>
  /** As of Engine.open(), without codecs: no workflow sees what they do. */
  readonly dataConverter?: Pick<DataConverter, 'payloadConverter' | 'failureConverter'>
}

export type SimulateOptions<F extends WorkflowFunction, World> = SimulateSettings<F, World> &
  (Parameters<F> extends [unknown, ...unknown[]] ? { readonly args: Parameters<F> } : { readonly args?: Parameters<F> })

const known: Readonly<Record<keyof SimulateSettings<WorkflowFunction, unknown> | 'args', true>> = {
  args: true, workflows: true, activities: true, world: true, during: true, invariants: true, seeds: true, faults: true, reproduce: true,
  taskQueues: true, interceptors: true, workflowFailureErrorTypes: true, dataConverter: true,
}
const seedsDefault = 100

/** @throws PerdureError SIMULATION_OPTIONS_INVALID */
export function checkSimulateOptions(workflow: unknown, options: Readonly<Record<string, unknown>>): void {
  if (typeof workflow !== 'function' || workflow.name === '') throw invalid('it was given no workflow; pass a workflow function')
  if (typeof options !== 'object' || options === null) throw invalid(`its options are ${String(options)}; give an object`)
  for (const [key, value] of Object.entries(options)) {
    if (!Object.hasOwn(known, key)) throw invalid(`unknown option '${key}'${unknownOptionHint(key, Object.keys(known))}`)
    if ((key !== 'world' && key !== 'during') || value === undefined || typeof value === 'function') continue
    throw invalid(`the option ${key} is a value of type ${typeof value}; give a function`)
  }
  for (const [name, invariant] of Object.entries(invariantsOf(options['invariants']))) {
    if (typeof invariant !== 'function') throw invalid(`the invariant '${name}' is a value of type ${typeof invariant}; give a function`)
  }
  checkReproduce(options['reproduce'])
  for (const fault of (options['faults'] ?? []) as readonly string[]) {
    if (faultTypes.some((type) => type === fault)) continue
    throw invalid(`there is no fault '${fault}'${didYouMean(fault, faultTypes) || `; there are ${faultTypes.join(', ')}`}`)
  }
}

/** Of a function or a list nothing would ever be asked. */
function invariantsOf(given: unknown): Readonly<Record<string, unknown>> {
  if (given === undefined) return {}
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return given as Readonly<Record<string, unknown>>
  const what = given === null ? 'null' : Array.isArray(given) ? 'a list' : `a value of type ${typeof given}`
  const remedy = "give an object of functions by what they say, as in { 'no money is lost': (run) => ... }"
  throw invalid(`the option invariants is ${what}; ${remedy}`)
}

/** @throws PerdureError SIMULATION_OPTIONS_INVALID, ENGINE_OPTIONS_INVALID */
export function simulatedValues(given: unknown): ReturnType<typeof checkedConverters> {
  if (given === undefined) return undefined
  if (typeof given !== 'object' || given === null) throw invalid(`the option dataConverter is ${JSON.stringify(given)}; give an object`)
  for (const key of Object.keys(given)) {
    if (key === 'payloadConverter' || key === 'failureConverter') continue
    const why = key === 'payloadCodecs' ? ': codecs are asynchronous, and no workflow sees what they do; leave them out'
      : unknownOptionHint(key, ['payloadConverter', 'failureConverter'])
    throw invalid(`its dataConverter takes no '${key}'${why}`)
  }
  return checkedConverters(given)
}

function checkReproduce(given: unknown): void {
  if (given === undefined) return
  const { seed, faults } = (given ?? {}) as { readonly seed?: unknown; readonly faults?: unknown }
  if (Number.isSafeInteger(seed) && Array.isArray(faults)) {
    for (const fault of faults as readonly unknown[]) checkFault(fault)
    return
  }
  throw invalid(`the option reproduce is ${JSON.stringify(given)}; give what a failure told, as in { seed: 1, faults: [] }`)
}

/** A field that is mistyped would be a fault that never happens. */
function checkFault(fault: unknown): void {
  const problem = faultProblem(fault)
  if (problem !== undefined) throw invalid(`the option reproduce has the fault ${JSON.stringify(fault)}: ${problem}`)
}

export function seedsOf(given: number | readonly number[] = seedsDefault): readonly number[] {
  const seeds = typeof given === 'number' ? Array.from({ length: Number.isSafeInteger(given) ? given : 0 }, (_, index) => index + 1) : given
  if (Array.isArray(seeds) && seeds.length > 0 && seeds.every((seed) => Number.isSafeInteger(seed))) return seeds
  throw invalid(`the option seeds is ${JSON.stringify(given)}; give how many, from 1 on, or a list of whole numbers`)
}

function invalid(problem: string): PerdureError {
  return new PerdureError('SIMULATION_OPTIONS_INVALID', `simulate(): ${problem}`)
}
