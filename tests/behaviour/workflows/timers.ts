import { condition, defineQuery, defineSignal, type Duration, proxyActivities, setHandler, sleep } from 'perdure/workflow'
import type * as steps from '../activities/steps.ts'

const { note } = proxyActivities<typeof steps>({ startToCloseTimeout: '1 minute' })

export const ring = defineSignal('ring')
export const waiting = defineQuery<boolean>('waiting')

/** Workflow time before and after. */
export async function slept(ms: number): Promise<readonly number[]> {
  const before = Date.now()
  await sleep(ms)
  return [before, Date.now()]
}

/** Shortest last; named in the order in which they end. */
export async function sleepers(durations: readonly number[]): Promise<readonly number[]> {
  const order: number[] = []
  await Promise.all(durations.map(async (ms) => {
    await sleep(ms)
    order.push(ms)
  }))
  return order
}

export async function sleptAndNoted(key: string, ms: number): Promise<void> {
  await sleep(ms)
  await note(key, 'awake')
}

/** The global timers of JavaScript are durable ones here. */
export async function timeouts(): Promise<readonly string[]> {
  const fired: string[] = []
  await new Promise<void>((resolve) => {
    const cleared = setTimeout(() => fired.push('cleared'), 1)
    clearTimeout(cleared)
    setTimeout(() => {
      fired.push('second')
      resolve()
    }, 30)
    setTimeout(() => fired.push('first'), 10)
  })
  return fired
}

export async function conditionWithoutSignal(timeoutMs: number): Promise<boolean> {
  return condition(() => false, timeoutMs)
}

export async function conditionThatHolds(): Promise<unknown> {
  return [await condition(() => true, '1 hour'), await condition(() => true)]
}

export async function rung(timeout?: Duration): Promise<unknown> {
  let rang = false
  setHandler(ring, () => {
    rang = true
  })
  setHandler(waiting, () => !rang)
  if (timeout === undefined) await condition(() => rang)
  return timeout === undefined ? 'rang' : condition(() => rang, timeout)
}

/** A timer for ever, as far as numbers go. */
export async function ringOrNever(): Promise<string> {
  let rang = false
  setHandler(ring, () => {
    rang = true
  })
  setTimeout(() => undefined, Number.POSITIVE_INFINITY)
  await condition(() => rang)
  return 'rang'
}
