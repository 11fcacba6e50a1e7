import { proxyActivities, workflowInfo } from 'perdure/workflow'
import type * as steps from '../activities/steps.ts'

const activities = proxyActivities<typeof steps>({ startToCloseTimeout: '1 minute' })
const { greet, add, echo, countArguments, note, describeAttempt, gated } = activities

export async function greeting(name: string): Promise<string> {
  return greet(name)
}

export async function nothing(): Promise<void> {}

export async function immediate(value: number): Promise<number> {
  return value + 1
}

export async function countWithoutArguments(...args: unknown[]): Promise<readonly number[]> {
  return [args.length, await countArguments()]
}

export async function sumInTurn(numbers: readonly number[]): Promise<number> {
  let sum = 0
  for (const number of numbers) sum = await add(sum, number)
  return sum
}

export async function sumAtOnce(count: number): Promise<number> {
  const parts = await Promise.all(Array.from({ length: count }, (_, index) => add(index, 1)))
  return parts.reduce((left, right) => left + right, 0)
}

/** The second begins while the first still runs. */
export async function together(key: string): Promise<readonly string[]> {
  return Promise.all([gated(key, 'first'), gated(key, 'second')])
}

export async function oneAfterAnother(key: string): Promise<void> {
  await note(key, 'one')
  await note(key, 'two')
  await note(key, 'three')
}

export async function waitAtGate(key: string): Promise<string> {
  return gated(key, 'gate')
}

export async function thenWaitAtGate(key: string, name: string): Promise<readonly string[]> {
  return [await greet(name), await gated(key, 'gate'), await greet(name)]
}

export async function leaveRunning(key: string): Promise<string> {
  void gated(key, 'left alone')
  return 'closed'
}

export async function describedAttempt(): Promise<unknown> {
  const { describeAttempt: withMore } = proxyActivities<typeof steps>({
    activityId: 'mine', startToCloseTimeout: '1 minute', scheduleToCloseTimeout: '2 minutes', heartbeatTimeout: '30 seconds',
  })
  return [await describeAttempt(), await withMore()]
}

export async function describedWorkflow(): Promise<unknown> {
  const { unsafe: _unsafe, ...info } = workflowInfo()
  return info
}

export async function echoed(...values: unknown[]): Promise<readonly unknown[]> {
  const results: unknown[] = []
  for (const value of values) results.push(await echo(value))
  return results
}

export async function returned(value: unknown): Promise<unknown> {
  return value
}

export async function returnedDate(): Promise<unknown> {
  return { at: await echo(new Date(0)), own: new Date(1_000) }
}

export async function returnedUndefined(): Promise<unknown> {
  return echo()
}

export async function onOtherQueue(taskQueue: string, name: string): Promise<string> {
  return greet.executeWithOptions({ taskQueue }, [name])
}

/** Default parameters, and bytes through arguments, an activity and the result. */
export async function defaulted(first = 'default', bytes?: Uint8Array, last = 'last'): Promise<unknown> {
  if (bytes === undefined) return [first, last]
  return echo(new Uint8Array([...bytes, first.length]))
}
