import { ApplicationFailure, condition, defineQuery, defineSignal, proxyActivities, setHandler, sleep } from 'perdure/workflow'
import type * as steps from '../activities/steps.ts'

const { greet, gated, note } = proxyActivities<typeof steps>({ startToCloseTimeout: '1 minute' })

export const give = defineSignal<[value: number]>('give')
export const finish = defineSignal('finish')
export const other = defineSignal<[value: string]>('other')
export const breakDown = defineSignal<[message: string]>('breakDown')
export const given = defineQuery<readonly number[]>('given')
export const stage = defineQuery<string>('stage')
export const sumWith = defineQuery<number, [left: number, right: number]>('sumWith')
export const broken = defineQuery<string>('broken')
export const meddling = defineQuery<string>('meddling')
export const meddlingLater = defineQuery<unknown>('meddlingLater')
export const prompt = defineQuery<Promise<string>>('prompt')
export const endless = defineQuery<unknown>('endless')
export const missing = defineQuery<string>('missing')
export const later = defineQuery<unknown>('later')

/** Gathers what it is given until it is told to finish. */
export async function gather(): Promise<readonly number[]> {
  const values: number[] = []
  let finished = false
  setHandler(give, (value) => {
    values.push(value)
  })
  setHandler(finish, () => {
    finished = true
  })
  setHandler(given, () => values)
  await condition(() => finished)
  return values
}

/** What it has been given by the time of its first line, and then up to its end. */
export async function gatherFromTheFirstLine(): Promise<readonly (readonly number[])[]> {
  const values: number[] = []
  setHandler(give, (value) => {
    values.push(value)
  })
  setHandler(given, () => values)
  const atFirst = [...values]
  const greetings = await Promise.all(atFirst.map((value) => greet(String(value))))
  await condition(() => values.length > greetings.length)
  return [atFirst, values]
}

/** Sets its handler only after an activity: what came before is kept. */
export async function gatherLate(key: string, count: number): Promise<readonly number[]> {
  const values: number[] = []
  await gated(key, 'gate')
  setHandler(give, (value) => {
    values.push(value)
  })
  await condition(() => values.length >= count)
  return values
}

/** Kept signals come in the order in which the handlers are set, within a name in their own. */
export async function gatherByHandler(key: string): Promise<readonly unknown[]> {
  const values: unknown[] = []
  await gated(key, 'gate')
  setHandler(other, (value) => {
    values.push(value)
  })
  setHandler(give, (value) => {
    values.push(value)
  })
  return values
}

/** A handler that waits does not hold up the next one. */
export async function handleSlowly(key: string): Promise<readonly string[]> {
  const log: string[] = []
  let finished = 0
  setHandler(give, async (value) => {
    log.push(`began ${value}`)
    await greet(`${value}`)
    log.push(`ended ${value}`)
    finished++
  })
  await note(key, 'ready')
  await condition(() => finished === 2)
  return log.toSorted()
}

export async function breakable(): Promise<void> {
  setHandler(breakDown, (message) => {
    throw ApplicationFailure.nonRetryable(message, 'Broken')
  })
  await sleep('1 hour')
}

/** Its queries show each way in which a query can go. */
export async function asked(key: string): Promise<string> {
  let at = 'begun'
  setHandler(stage, () => at)
  setHandler(sumWith, (left, right) => left + right)
  setHandler(broken, () => {
    throw new Error('the query broke')
  })
  setHandler(meddling, () => {
    void greet('nobody')
    return 'meddled'
  })
  setHandler(meddlingLater, async () => {
    await Promise.resolve()
    await sleep(1)
  })
  setHandler(prompt, async () => {
    await Promise.resolve()
    return at
  })
  setHandler(endless, () => new Promise(() => undefined))
  setHandler(later, () => new Map() as unknown)
  await gated(key, 'gate')
  at = 'sleeping'
  await sleep(20)
  at = 'ended'
  return at
}

export async function askedThenFails(): Promise<void> {
  let at = 'begun'
  setHandler(stage, () => at)
  await greet('you')
  at = 'greeted'
  throw ApplicationFailure.nonRetryable('on purpose')
}

export async function asleep(): Promise<void> {
  let at = 'begun'
  setHandler(stage, () => at)
  await greet('you')
  at = 'asleep'
  await sleep('1 hour')
}
