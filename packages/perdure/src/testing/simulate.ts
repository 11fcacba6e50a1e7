/**
 * Runs a workflow many times under a scheduler that crashes its worker, loses what it did, and makes its activities fail; and asks
 * each time whether what the author promises still holds.
 */
import { inspect } from 'node:util'
import type { WorkflowClient, WorkflowFunction, WorkflowResult } from '@perdure/engine'
import {
  faultTypes, repeated, searched, type Scenario, type SearchParts, type SimulatedActivity, type SimulatedRun, type SimulatedUser,
} from '@perdure/testing'
import { rootCause } from '@perdure/workflow'
import { Context } from '@perdure/workflow/activity'
import { durationToMs } from '@perdure/workflow/host'
import '../deterministic-globals.ts'
import { functionsByName } from './function-module.ts'
import {
  checkSimulateOptions, seedsOf, simulatedValues, type FinishedRun, type SimulatedOutcome, type SimulateOptions,
} from './simulate-options.ts'
import { simulationFailure } from './simulation-failure.ts'

export interface SimulationReport {
  /** Runs that were made: one without faults, one with a crash before and one after each commit, one for each seed. */
  readonly runs: number
  /** Of the run without faults. */
  readonly commits: number
  readonly calls: number
}

/**
 * Simulates a workflow with faults, and checks invariants after each run. Every run must end, and replay.
 * @throws SimulationFailedError with the seed and the fewest faults that still fail; PerdureError SIMULATION_OPTIONS_INVALID
 * @example
 * await simulate(transfer, {
 *   args: [{ from: 'ada', to: 'grace', amount: 7 }],
 *   world: () => new Bank({ ada: 10, grace: 0 }),
 *   activities: (bank) => ({ withdraw: bank.withdraw, deposit: bank.deposit }),
 *   invariants: { 'no money is lost': ({ world }) => world.total() === 10 },
 * })
 */
export async function simulate<F extends WorkflowFunction, World = undefined>(
  workflow: F, options: SimulateOptions<F, World>,
): Promise<SimulationReport> {
  checkSimulateOptions(workflow, options as Readonly<Record<string, unknown>>)
  const failed: { cause: unknown } = { cause: undefined }
  const parts: SearchParts = {
    stage: () => stageOf(workflow, options, failed), seeds: seedsOf(options.seeds), types: options.faults ?? faultTypes,
  }
  const { reproduce } = options
  const { runs, failure, calm } = reproduce === undefined ? await searched(parts) : await repeated(parts, reproduce.seed, reproduce.faults)
  if (failure !== undefined) throw simulationFailure(workflow.name, failure, failed.cause)
  return { runs, commits: calm.size.commits, calls: calm.size.calls }
}

async function stageOf<F extends WorkflowFunction, World>(
  workflow: F, options: SimulateOptions<F, World>, failed: { cause: unknown },
): ReturnType<SearchParts['stage']> {
  const world = options.world?.() as World
  const { interceptors: { workflow: workflowInterceptors = [], activity: activityInterceptors = [] } = {} } = options
  const { workflowFailureErrorTypes } = options
  const values = simulatedValues(options.dataConverter)
  const { during, args = [], taskQueues: [first = 'default', ...others] = [] } = options
  const given: object = typeof options.activities === 'function' ? options.activities(world) : options.activities ?? {}
  const workflows = new Map(functionsByName<WorkflowFunction>(options.workflows ?? {}, 'workflows of simulate()'))
  const scenario: Scenario = {
    workflows: workflows.set(workflow.name, workflow), workflowType: workflow.name, args, taskQueues: [first, ...others],
    activities: functionsByName<SimulatedActivity>(given, 'activities of simulate()'),
    during: during === undefined ? undefined : (user) => during(bystanderOf<F, World>(user, world)),
    code: {
      workflowInterceptors, activityInterceptors, ...(values === undefined ? {} : { values }),
      ...(workflowFailureErrorTypes === undefined ? {} : { workflowFailureErrorTypes }),
    },
    attempt: () => {
      const { workflowExecution, activityId, attempt } = Context.current().info
      return { ...workflowExecution, activityId, attempt }
    },
  }
  return { scenario, judge: async (run) => judged(options, finished<F, World>(run, world), failed) }
}

function bystanderOf<F extends WorkflowFunction, World>({ client: given, workflowId, sleep }: SimulatedUser, world: World) {
  const client = given as WorkflowClient
  return {
    client, world, handle: client.getHandle<F>(workflowId) as ReturnType<typeof client.getHandle<F>> & { readonly runId: string },
    sleep: async (duration: Parameters<typeof durationToMs>[0]) => sleep(durationToMs(duration, 'sleep() of simulate()')),
  }
}

function finished<F extends WorkflowFunction, World>(run: SimulatedRun, world: World): FinishedRun<F, World> {
  const { status, result, failure, history, calls, seed, faults, tookMs } = run
  return { outcome: { status, result: result as WorkflowResult<F> | undefined, failure }, history, calls, world, seed, faults, tookMs }
}

/** The first invariant that does not hold. */
async function judged<F extends WorkflowFunction, World>(
  { invariants = {} }: SimulateOptions<F, World>, run: FinishedRun<F, World>, failed: { cause: unknown },
): Promise<string | undefined> {
  failed.cause = undefined
  for (const [name, invariant] of Object.entries(invariants)) {
    try {
      if (await invariant(run) === false) return `invariant '${name}' does not hold (${outcomeText(run.outcome)})`
    } catch (error) {
      failed.cause = error
      return `invariant '${name}' does not hold: ${error instanceof Error ? error.message : String(error)}`
    }
  }
  return undefined
}

function outcomeText({ status, result, failure }: SimulatedOutcome<WorkflowFunction>): string {
  const returned = result === undefined ? '' : ` with ${inspect(result, { depth: 3, breakLength: Infinity })}`
  const what = failure === undefined ? returned : `: ${rootCause(failure) ?? failure.message}`
  return `the execution is ${status}${what.slice(0, outcomeCharactersMax)}`
}
const outcomeCharactersMax = 200
