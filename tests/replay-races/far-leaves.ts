/** The steps that reach beyond the execution: other executions, updates, patches, and what the execution shows and draws. */
import {
  allHandlersFinished, ApplicationFailure, ChildWorkflowFailure, condition, continueAsNew, currentUpdateInfo, defineQuery, defineSignal,
  defineUpdate, deprecatePatch, getCurrentDetails, getExternalWorkflowHandle, getRandomStream, isCancellation, patched,
  proxyLocalActivities, setCurrentDetails, setHandler, sleep, startChild, upsertMemo, upsertSearchAttributes, uuid4,
  WorkflowExecutionAlreadyStartedError, workflowInfo, type WorkflowInfo,
} from '@perdure/workflow'
import { add, note, type Far, type Machine } from './machine.ts'
import { signalNames, type Cancellation, type FarLeaf } from './program.ts'

/** What it does besides answering: a handler of a query that tries to change something is refused, and changes nothing. */
export const probeQuery = defineQuery<unknown, [what: Probe]>('probe')
export const probes = ['read', 'throw', 'command', 'handler', 'upsert'] as const
export type Probe = (typeof probes)[number]

const options = { startToCloseTimeout: '1 minute', retry: { initialInterval: 3, backoffCoefficient: 1, maximumAttempts: 3 } } as const
type Activities = Record<'act', (place: string) => Promise<number>>
const calls: Readonly<Record<Cancellation, Activities['act']>> = {
  TRY_CANCEL: proxyLocalActivities<Activities>({ ...options, cancellationType: 'TRY_CANCEL' }).act,
  WAIT_CANCELLATION_COMPLETED: proxyLocalActivities<Activities>({ ...options, cancellationType: 'WAIT_CANCELLATION_COMPLETED' }).act,
  ABANDON: proxyLocalActivities<Activities>({ ...options, cancellationType: 'ABANDON' }).act,
}

/** Signals that it answers with signals to itself would never end, and double each time: counted when asked, not when done. */
const toItselfMax = 6
const askedItself = new WeakMap<Machine, number>()

/** @param generation how often it has gone on as new: the second run does not again */
export function farOf(generation: number): Far {
  return {
    begin: (machine) => {
      setHandler(probeQuery, (what) => probe(machine, what))
      for (const { update, function: index, validates } of machine.program.updates ?? []) answer(machine, update, index, validates)
    },
    run: (machine, leaf, place) => runFar(machine, leaf, place, generation),
    isPatched: (machine, id, place) => isPatched(machine, id, place),
  }
}

/** What a search counts stands in brackets. */
function tell(machine: Machine, place: string, fact: string, what: unknown = ''): void {
  note(machine, place, `[${fact}] ${what instanceof Error ? `${what.name}: ${what.message}` : String(what)}`)
}

async function runFar(machine: Machine, step: FarLeaf, place: string, generation: number): Promise<void> {
  switch (step.kind) {
    case 'local': {
      const result = await calls[step.cancellation](place)
      add(machine, step.into, result)
      return tell(machine, place, 'local activity', result)
    }
    case 'child': return runChild(machine, step, place)
    case 'external': return askOther(machine, step, place)
    case 'patch':
      if (step.deprecated) {
        deprecatePatch(step.id)
        return tell(machine, place, 'patch deprecated')
      }
      return isPatched(machine, step.id, place) ? add(machine, step.variable, 1) : undefined
    case 'continueAsNew':
      return generation > 0 ? undefined : continueAsNew<(generation: number) => Promise<unknown>>(generation + 1)
    case 'draw': return tell(machine, place, `draws: ${step.from}`, drawn(step.from))
    case 'info': return tell(machine, place, 'info', shown(workflowInfo()))
    case 'upsert': return upsert(machine, step, place)
    case 'answer': return answer(machine, step.update, step.function, step.validates)
    case 'handlersFinished':
      await condition(allHandlersFinished)
      return tell(machine, place, 'handlers finished')
    default: return step satisfies never
  }
}

function isPatched(machine: Machine, id: string, place: string): boolean {
  const isTaken = patched(id)
  tell(machine, place, isTaken ? 'patched' : 'not patched', id)
  return isTaken
}

function answer(machine: Machine, name: string, index: number | undefined, validates: boolean): void {
  const handler = async (value: number): Promise<string> => {
    const place = `${name}${value}`
    tell(machine, place, 'update handled', currentUpdateInfo()?.id)
    try {
      await machine.call(index ?? 0, place)
      return `${place} ${machine.trace.length}`
    } catch (error) {
      tell(machine, place, 'update failed', error)
      throw error
    }
  }
  setHandler(defineUpdate<string, [number]>(name), index === undefined ? undefined : handler, validates ? { validator } : {})
}

/** It draws what the workflow does not miss. */
function validator(value: number): void {
  const isBad = value % 3 === 0
  const text = `${drawn('within')} ${drawn('stream')} ${drawn('platform')} ${Date.now()} ${shown(workflowInfo())}`
  if (isBad) throw ApplicationFailure.nonRetryable(`${value} is bad: ${text.length > 0}`, 'Bad')
}

async function probe(machine: Machine, what: Probe): Promise<unknown> {
  const seen = [drawn('within'), drawn('stream'), drawn('platform'), shown(workflowInfo()), machine.trace.length, allHandlersFinished()]
  await Promise.resolve()
  switch (what) {
    case 'read': return seen
    case 'throw': throw new Error('as asked')
    case 'command': return sleep(1)
    case 'handler': return setHandler(defineSignal(signalNames[0]), () => undefined)
    case 'upsert': return upsertMemo({ probed: true })
    default: return what satisfies never
  }
}

function drawn(from: Extract<FarLeaf, { kind: 'draw' }>['from']): string {
  switch (from) {
    case 'within': return `${Math.random()} ${uuid4()}`
    case 'stream': return `${getRandomStream('own').random()} ${getRandomStream('other').with(() => uuid4())}`
    case 'platform': return `${crypto.randomUUID()} ${crypto.getRandomValues(new Uint8Array(2)).join(' ')} ${performance.now()}`
    default: return from satisfies never
  }
}

/** All of it but what differs on replay by its nature, and the clock of the machine. */
function shown({ unsafe: _unsafe, typedSearchAttributes, ...info }: WorkflowInfo): string {
  return JSON.stringify({ ...info, typed: typedSearchAttributes.getAll(), details: getCurrentDetails(), finished: allHandlersFinished() })
}

function upsert(machine: Machine, { what, key }: Extract<FarLeaf, { kind: 'upsert' }>, place: string): void {
  const value = machine.trace.length
  if (what === 'memo') upsertMemo({ [`key${key}`]: value % 5 === 0 ? null : value })
  else if (what === 'attributes') upsertSearchAttributes({ [`Key${key}`]: value % 5 === 0 ? [] : [`v${value}`] })
  else setCurrentDetails(`at ${value}`)
  tell(machine, place, `upserted ${what}`, shown(workflowInfo()))
}

async function askOther(machine: Machine, { asks, self }: Extract<FarLeaf, { kind: 'external' }>, place: string): Promise<void> {
  const before = askedItself.get(machine) ?? 0
  const isSelf = self && before < toItselfMax
  if (isSelf) askedItself.set(machine, before + 1)
  const handle = getExternalWorkflowHandle(isSelf ? workflowInfo().workflowId : 'nobody')
  try {
    await (asks === 'signal' ? handle.signal(defineSignal<[number]>(signalNames[0]), machine.trace.length) : handle.cancel())
    tell(machine, place, `external ${asks} done`)
  } catch (error) {
    tell(machine, place, isCancellation(error) ? `external ${asks} cancelled` : `external ${asks} refused`, error)
    if (isCancellation(error)) throw error
  }
}

type ChildLeaf = Extract<FarLeaf, { kind: 'child' }>

async function runChild(machine: Machine, step: ChildLeaf, place: string): Promise<void> {
  const { cancellation, closePolicy, awaits, notes, named, how } = step
  const has = (what: string): string => `child ${cancellation} ${what}`
  try {
    const child = await startChild<(how: number) => Promise<number>>('helper', {
      args: [how], cancellationType: cancellation, parentClosePolicy: closePolicy, ...(named ? { workflowId: `child-${place}` } : {}),
    })
    tell(machine, place, has('started'), child.firstExecutionRunId)
    for (let count = 0; count < notes; count++) await child.signal(defineSignal<[number]>('poke'), count)
    if (notes > 0) tell(machine, place, 'child signalled')
    if (awaits === 'start') return
    const result = await child.result()
    add(machine, step.into, result)
    tell(machine, place, has('completed'), result)
  } catch (error) {
    tell(machine, place, has(childEnd(error)), error)
    throw error
  }
}

function childEnd(error: unknown): string {
  if (isCancellation(error)) return error instanceof ChildWorkflowFailure ? 'cancelled' : 'not begun'
  if (error instanceof WorkflowExecutionAlreadyStartedError) return 'exists'
  return error instanceof ChildWorkflowFailure ? `failed by ${error.cause?.name}` : 'not signalled'
}
