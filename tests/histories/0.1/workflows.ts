/** The workflows of the recorded executions. This file never changes once its version is released: it must replay what it made. */
import {
  allHandlersFinished, ApplicationFailure, CancellationScope, condition, continueAsNew, defineSignal, defineUpdate, deprecatePatch,
  executeChild, getExternalWorkflowHandle, isCancellation, patched, proxyActivities, proxyLocalActivities, rootCause,
  setCurrentDetails, setHandler, sleep, startChild, upsertMemo, upsertSearchAttributes, uuid4, workflowInfo,
} from 'perdure/workflow'
import type { HistoryActivities } from './activities.ts'

const { double, endless } = proxyActivities<HistoryActivities>({
  startToCloseTimeout: '1 hour', retry: { maximumAttempts: 3 },
})
/** It is completed from outside, or cancelled, however long after the recording: no attempt of it may be over by then. */
const { leftOutside } = proxyActivities<HistoryActivities>({ startToCloseTimeout: '36500 days', retry: { maximumAttempts: 3 } })
const { refuse } = proxyActivities<HistoryActivities>({ startToCloseTimeout: '1 minute', retry: { maximumAttempts: 1 } })
const { retried } = proxyActivities<HistoryActivities>({ startToCloseTimeout: '1 minute', retry: { initialInterval: '20 seconds' } })
const { beating } = proxyActivities<HistoryActivities>({
  startToCloseTimeout: '1 hour', heartbeatTimeout: '2 minutes', retry: { maximumAttempts: 5 },
})
const waiting = proxyActivities<HistoryActivities>({
  startToCloseTimeout: '36500 days', cancellationType: 'WAIT_CANCELLATION_COMPLETED', retry: { maximumAttempts: 3 },
})

export const add = defineSignal<[number]>('add')
export const go = defineSignal<[string?]>('go')

/** A bit of everything that ends by itself. */
export async function chain(start: number, label?: string): Promise<unknown> {
  const first = await double(start)
  const both = await Promise.all([double(first), double(3)])
  const raced = await Promise.race([double(4), sleep('10 days').then(() => 'late')])
  const failed = await refuse().catch((error: Error) => error.cause instanceof ApplicationFailure ? error.cause.message : 'unknown')
  const settled = await Promise.allSettled([double(5), refuse()])
  await sleep(1)
  const { memo, searchAttributes } = workflowInfo()
  return { label, first, both, raced, failed, settled: settled.map(({ status }) => status), memo, searchAttributes,
    seeded: [uuid4(), Math.random()], at: new Date().toISOString() }
}

/** Handlers that wait, and signals for which no handler is set until much later. */
export async function counting(wanted: number): Promise<unknown> {
  let total = 0
  const running = new Set<number>()
  setHandler(add, async (value: number) => {
    running.add(value)
    const doubled = await double(value)
    total += doubled
    running.delete(value)
  })
  await condition(() => total >= wanted && running.size === 0)
  const heard: string[] = []
  setHandler(go, (text = 'nothing') => { heard.push(text) })
  await condition(() => heard.length >= 2)
  return { total, heard }
}

export async function sleeping(): Promise<string> {
  const first = await Promise.race([sleep('20 seconds').then(() => 'woken'), sleep('9 days').then(() => 'late')])
  const inTime = await condition(() => false, 5)
  return `${first}, ${String(inTime)}`
}

export async function retrying(): Promise<string> {
  return retried()
}

export async function failing(): Promise<void> {
  await double(1)
  throw ApplicationFailure.create({ message: 'as it should', type: 'Expected', details: [{ code: 7 }], nonRetryable: true })
}

/** Cancelled while it waits in a scope; cleans up before it ends. */
export async function cancellable(waits: boolean): Promise<unknown> {
  let cleaned = 0
  try {
    await CancellationScope.withTimeout('30 days', async () => (
      waits ? waiting.endless('cancelled') : Promise.all([endless('cancelled'), sleep('20 days')])))
  } catch (error) {
    if (!isCancellation(error)) throw error
    cleaned = await CancellationScope.nonCancellable(() => double(21))
    throw error
  }
  return cleaned
}

export async function endlessly(): Promise<unknown> {
  return [await endless('one'), await endless('two')]
}

export async function heartbeats(): Promise<unknown> {
  return beating()
}

export async function outside(): Promise<unknown> {
  return leftOutside()
}

/** Recorded up to its signal; then other code met its history, and it is held. */
export async function changed(): Promise<unknown> {
  const first = await double(10)
  await condition(() => false, 1)
  setHandler(go, () => undefined)
  let gone = false
  setHandler(go, () => { gone = true })
  await condition(() => gone)
  return [first, await double(first)]
}

/** No worker knew it when it was recorded. */
export async function newcomer(): Promise<unknown> {
  return hearing()
}

/** Other code threw an error that held it. */
export async function throwing(): Promise<unknown> {
  return hearing()
}

/** Other code awaited what is no workflow API. */
export async function foreign(): Promise<unknown> {
  return hearing()
}

/** The database refused the event of its signal. */
export async function refused(): Promise<unknown> {
  return hearing()
}

/** Other code killed its workers, again and again. */
export async function crashing(): Promise<unknown> {
  return hearing()
}

async function hearing(): Promise<unknown> {
  let heard: string | undefined
  setHandler(go, (text = 'nothing') => { heard = text })
  await condition(() => heard !== undefined)
  return [heard, await double(2)]
}

const once = { retry: { maximumAttempts: 1 } }
const brief = proxyActivities<HistoryActivities>({ startToCloseTimeout: '100 ms', ...once })
const silent = proxyActivities<HistoryActivities>({ startToCloseTimeout: '1 hour', heartbeatTimeout: '100 ms', ...once })
const unserved = proxyActivities<HistoryActivities>({
  startToCloseTimeout: '1 hour', scheduleToStartTimeout: '100 ms', taskQueue: 'nobody', ...once,
})
const heeding = proxyActivities<HistoryActivities>({
  startToCloseTimeout: '1 hour', cancellationType: 'WAIT_CANCELLATION_COMPLETED', ...once,
})
const local = proxyLocalActivities<HistoryActivities>({ startToCloseTimeout: '1 minute', ...once })

/** Activities end in every way. */
export async function endings(): Promise<unknown> {
  const scope = new CancellationScope()
  const ended = outcomesOf([
    brief.endless('too long'), silent.endless('too silent'), unserved.double(1), scope.run(() => heeding.heeding()),
    local.double(2), local.refuse(),
  ])
  await sleep(300)
  scope.cancel()
  return ended
}

const later = proxyActivities<HistoryActivities>({ startToCloseTimeout: '1 hour', taskQueue: 'later', ...once })
const laterBrief = proxyActivities<HistoryActivities>({ startToCloseTimeout: '100 ms', taskQueue: 'later', ...once })
const outsideHeeding = proxyActivities<HistoryActivities>({
  startToCloseTimeout: '36500 days', cancellationType: 'WAIT_CANCELLATION_COMPLETED', ...once,
})

/** Its activities end while nobody runs it. */
export async function attending(): Promise<unknown> {
  const scope = new CancellationScope()
  const ended = outcomesOf([
    later.double(1), later.refuse(), laterBrief.endless('too long'), scope.run(() => outsideHeeding.leftOutside()),
  ])
  await sleep(300)
  scope.cancel()
  return ended
}

const limited = proxyActivities<HistoryActivities>({
  startToCloseTimeout: '1 hour', scheduleToCloseTimeout: '36500 days', taskQueue: 'limited', retry: { maximumAttempts: 3 },
})

/** Two activities of a queue in which one may run. */
export async function queueing(): Promise<unknown> {
  return Promise.all([limited.endless('first'), limited.endless('second')])
}

async function outcomesOf(promises: readonly Promise<unknown>[]): Promise<unknown> {
  const settled = await Promise.allSettled(promises)
  return settled.map((each) => {
    if (each.status === 'fulfilled') return each.value ?? null
    const { name } = each.reason as Error
    return `${name}: ${String(rootCause(each.reason))}`
  })
}

/** Asks for patches when it begins, and later. */
export async function patching(): Promise<unknown> {
  let gone = false
  setHandler(go, () => { gone = true })
  const atStart = patched('at the start')
  deprecatePatch('long ago')
  await sleep(1)
  const afterwards = patched('afterwards')
  deprecatePatch('before')
  await condition(() => gone)
  return [atStart, afterwards, patched('at the end')]
}

export const put = defineUpdate<number, [number]>('put')
export const finish = defineSignal('finish')

/** Updates that end, fail, are rejected, and one that waits. */
export async function ledger(): Promise<number> {
  let total = 0
  let finished = false
  setHandler(put, async (amount) => {
    if (amount === 13) throw ApplicationFailure.create({ message: 'unlucky', type: 'Unlucky' })
    if (amount >= 100) await condition(() => finished)
    return total += await double(amount)
  }, { validator: (amount) => { if (amount < 0) throw new Error('below nothing') } })
  setHandler(finish, () => { finished = true })
  await condition(() => finished && allHandlersFinished())
  return total
}

/** Hears whatever comes until it is cancelled. */
export async function listening(): Promise<unknown> {
  const heard: string[] = []
  setHandler(go, (text = 'nothing') => { heard.push(text) })
  setHandler(put, (amount) => heard.push(`put ${amount}`))
  try {
    await sleep(1)
    await condition(() => false)
  } catch (error) {
    if (!isCancellation(error)) throw error
  }
  return heard
}

/** Some runs, each with something of its own to show. */
export async function hopping(left: number, waits: boolean): Promise<unknown> {
  let gone = false
  setHandler(go, () => { gone = true })
  upsertMemo({ left, doubled: await double(left) })
  upsertSearchAttributes({ Left: [left] })
  if (left > 0) await continueAsNew<typeof hopping>(left - 1, waits)
  setCurrentDetails('the **last** one')
  await condition(() => gone || !waits)
  upsertMemo({ left: null })
  const { memo, searchAttributes } = workflowInfo()
  return [memo, searchAttributes]
}

/** Fails, and is tried again by its own retry policy. */
export async function flaky(): Promise<string> {
  const { attempt, lastFailure } = workflowInfo()
  if (attempt === 1) throw ApplicationFailure.create({ message: 'not the first time', details: [{ attempt }] })
  return `attempt ${attempt} after: ${String(lastFailure?.message)}`
}

/** Bytes are values of their own. */
export async function bytes(given: Uint8Array, left: undefined, label: string): Promise<unknown> {
  const { memo } = workflowInfo()
  upsertMemo({ doubled: new Uint8Array([...given, ...given]) })
  const same = await echo(given, label)
  return label === 'alone' ? same : [left ?? null, label, Object.keys(memo ?? {})]
}

const { echo } = proxyActivities<HistoryActivities>({ startToCloseTimeout: '1 hour', ...once })

/** Of a namespace with a converter, codecs and headers. */
export async function converted(amount: bigint): Promise<bigint> {
  let total = amount
  let gone = false
  setHandler(grow, (by) => total += by)
  setHandler(go, () => { gone = true })
  upsertMemo({ amount })
  const same = await echo(amount, 'converted')
  if (amount === 0n) throw ApplicationFailure.create({ message: 'nothing to convert', details: [amount] })
  await condition(() => gone)
  return total + (same as bigint)
}

export const grow = defineUpdate<bigint, [bigint]>('grow')

/** A child of many. */
export async function member(how: 'ends' | 'fails' | 'waits'): Promise<unknown> {
  const { parent, workflowId } = workflowInfo()
  if (how === 'fails') throw ApplicationFailure.create({ message: 'as children do', type: 'Expected' })
  let heard = 'nothing'
  setHandler(go, (text = 'nothing') => { heard = text })
  await condition(() => how === 'ends' || heard !== 'nothing')
  return [parent?.workflowId ?? null, workflowId, heard]
}

/** All that executions may ask of each other, and all ends of children. */
export async function family(taken: string, other: string): Promise<unknown> {
  let gone = false
  setHandler(go, () => { gone = true })
  const scope = new CancellationScope()
  const child = (name: string, how: 'ends' | 'fails' | 'waits', options: { workflowRunTimeout?: '300 ms' } = {}): Promise<unknown> => (
    executeChild(member, { workflowId: `${workflowInfo().workflowId}-${name}`, args: [how], ...options }))
  const ended = outcomesOf([
    child('ends', 'ends'), child('fails', 'fails'), child('terminated', 'waits'),
    child('overdue', 'waits', { workflowRunTimeout: '300 ms' }), scope.run(() => child('cancelled', 'waits')), ...askingAll(taken, other),
  ])
  await condition(() => gone)
  scope.cancel()
  return ended
}

/** Its worker died as soon as the database had what it asks for. */
export async function asking(taken: string, other: string): Promise<unknown> {
  const { workflowId } = workflowInfo()
  const child = startChild(member, { workflowId: `${workflowId}-child`, args: ['ends'], parentClosePolicy: 'ABANDON' })
  return outcomesOf([child.then((started) => started.workflowId), ...askingAll(taken, other)])
}

function askingAll(taken: string, other: string): Promise<unknown>[] {
  const [open, missing] = [getExternalWorkflowHandle(other), getExternalWorkflowHandle('nobody')]
  return [
    executeChild(member, { workflowId: taken, args: ['ends'] }),
    open.signal(go, 'from another'), open.cancel(), missing.signal(go), missing.cancel(),
  ]
}

/** Waits for a child. */
export async function awaiting(taskQueue: string): Promise<unknown> {
  return executeChild(member, { workflowId: `${workflowInfo().workflowId}-child`, args: ['waits'], taskQueue })
}

/** Leaves children behind, one for each policy. */
export async function leaving(taskQueue: string): Promise<unknown> {
  let gone = false
  setHandler(go, () => { gone = true })
  const policies = ['ABANDON', 'REQUEST_CANCEL', 'TERMINATE'] as const
  const children = await Promise.all(policies.map(async (parentClosePolicy) => {
    const workflowId = `${workflowInfo().workflowId}-${parentClosePolicy.toLowerCase()}`
    return startChild(member, { workflowId, args: ['waits'], taskQueue, parentClosePolicy })
  }))
  await condition(() => gone)
  return children.map(({ workflowId }) => workflowId)
}
