/** The workflows of the recorded executions. This file never changes once its version is released: it must replay what it made. */
import {
  ApplicationFailure, CancellationScope, condition, defineSignal, isCancellation, proxyActivities, setHandler, sleep, uuid4, workflowInfo,
} from 'perdure/workflow'
import type { HistoryActivities } from './activities.ts'

const { double, endless } = proxyActivities<HistoryActivities>({
  startToCloseTimeout: '1 hour', retry: { maximumAttempts: 3 },
})
/** Somebody outside completes it however long after the recording: no attempt of it may be over by then. */
const { leftOutside } = proxyActivities<HistoryActivities>({ startToCloseTimeout: '36500 days', retry: { maximumAttempts: 3 } })
const { refuse } = proxyActivities<HistoryActivities>({ startToCloseTimeout: '1 minute', retry: { maximumAttempts: 1 } })
const { retried } = proxyActivities<HistoryActivities>({ startToCloseTimeout: '1 minute', retry: { initialInterval: '20 seconds' } })
const { beating } = proxyActivities<HistoryActivities>({
  startToCloseTimeout: '1 hour', heartbeatTimeout: '2 minutes', retry: { maximumAttempts: 5 },
})
const waiting = proxyActivities<HistoryActivities>({
  startToCloseTimeout: '1 hour', cancellationType: 'WAIT_CANCELLATION_COMPLETED', retry: { maximumAttempts: 3 },
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
  let heard: string | undefined
  setHandler(go, (text = 'nothing') => { heard = text })
  await condition(() => heard !== undefined)
  return [heard, await double(2)]
}
