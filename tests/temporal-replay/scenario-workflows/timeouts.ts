import {
  ApplicationFailure, condition, defineSignal, defineUpdate, proxyActivities, proxyLocalActivities, setHandler, sleep, workflowInfo,
} from '@temporalio/workflow'
import type * as activities from '../../parity/activities/steps.ts'
import { describedError } from '../../parity/described-error.ts'

export const word = defineSignal<[string]>('word')
export const ask = defineUpdate<string, [string]>('ask')

export async function waits(): Promise<void> {
  await condition(() => false)
}

export async function sleeps(ms: number): Promise<string> {
  await sleep(ms)
  return `attempt ${workflowInfo().attempt}`
}

/** Gives what it heard before it was first run, and what it knows. */
export async function heard(): Promise<readonly string[]> {
  const words: string[] = []
  setHandler(word, (text) => { words.push(text) })
  setHandler(ask, async (text) => {
    words.push(text)
    return text
  })
  await condition(() => words.length > 0)
  return words
}

export async function fails(nonRetryable: boolean, type = 'Trouble'): Promise<unknown> {
  const { attempt, lastFailure } = workflowInfo()
  throw ApplicationFailure.create({ message: `attempt ${attempt} after ${lastFailure?.message ?? 'nothing'}`, type, nonRetryable })
}

export async function failsFirst(times: number): Promise<unknown> {
  const { attempt, lastFailure, retryPolicy } = workflowInfo()
  if (attempt <= times) throw ApplicationFailure.create({ message: `attempt ${attempt}` })
  return { attempt, lastFailure: lastFailure === undefined ? null : describedError(lastFailure), retryPolicy: retryPolicy ?? null }
}

export async function throwsPlain(): Promise<void> {
  throw new TypeError('a plain error')
}

export async function knows(): Promise<unknown> {
  const { executionTimeoutMs, runTimeoutMs, taskTimeoutMs, executionExpirationTime, retryPolicy } = workflowInfo()
  return { executionTimeoutMs, runTimeoutMs, taskTimeoutMs, expires: executionExpirationTime instanceof Date, retryPolicy }
}

type Failing = 'fail' | 'failNonRetryable' | 'plain' | 'early' | 'hang' | 'unlimited'

/** How the failure of an activity looks, local or not. */
export async function activityFails(how: Failing, local: boolean): Promise<unknown> {
  const retry = { initialInterval: 1, backoffCoefficient: 1, ...(how === 'unlimited' ? {} : { maximumAttempts: 2 }) }
  const options = how === 'hang' ? { startToCloseTimeout: 500, retry: { maximumAttempts: 1 } }
    : how === 'unlimited' ? { scheduleToCloseTimeout: 1_500, retry }
    : { startToCloseTimeout: '1 minute' as const, retry }
  const proxied = local ? proxyLocalActivities<typeof activities>(options) : proxyActivities<typeof activities>(options)
  const { echo, fail, throwPlain, failFirst, hang } = proxied
  try {
    if (how === 'fail' || how === 'unlimited') await fail('activity failed', 'Trouble', false)
    if (how === 'failNonRetryable') await fail('activity failed', 'Trouble', true)
    if (how === 'plain') await throwPlain('a plain error')
    if (how === 'early') return await failFirst(1)
    if (how === 'hang') await hang()
    return await echo('nothing')
  } catch (error) {
    return describedError(error)
  }
}
