import {
  ApplicationFailure, condition, defineSignal, defineUpdate, proxyActivities, proxyLocalActivities, setHandler, sleep, workflowInfo,
} from '@temporalio/workflow'
import type * as activities from '../activities/steps.ts'
import { describedError } from '../described-error.ts'

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
  if (attempt <= times) throw ApplicationFailure.create({ message: `attempt ${attempt}`, type: 'Early' })
  return { attempt, lastFailure: lastFailure === undefined ? null : describedError(lastFailure), retryPolicy: retryPolicy ?? null }
}

export async function throwsPlain(): Promise<void> {
  throw new TypeError('a plain error')
}

export async function knows(): Promise<unknown> {
  const { executionTimeoutMs, runTimeoutMs, taskTimeoutMs, executionExpirationTime, retryPolicy } = workflowInfo()
  return { executionTimeoutMs, runTimeoutMs, taskTimeoutMs, expires: executionExpirationTime instanceof Date, retryPolicy }
}

type Failing = 'fail' | 'failNonRetryable' | 'plain' | 'early' | 'hang' | 'unlimited' | 'abort'

/** How the failure of an activity looks, local or not. */
export async function activityFails(how: Failing, local: boolean): Promise<unknown> {
  const quickly = { initialInterval: 1, backoffCoefficient: 1, maximumAttempts: 2 }
  const retry = how === 'unlimited' ? { initialInterval: '1 hour' as const } : quickly
  const options = how === 'hang' ? { startToCloseTimeout: 500, retry: { maximumAttempts: 1 } }
    : how === 'unlimited' ? { scheduleToCloseTimeout: 1_500, retry }
    : { startToCloseTimeout: '1 minute' as const, retry }
  const proxied = local ? proxyLocalActivities<typeof activities>(options) : proxyActivities<typeof activities>(options)
  const { abortsItself, echo, fail, throwPlain, failFirst, hang } = proxied
  try {
    if (how === 'fail' || how === 'unlimited') await fail('activity failed', 'Trouble', false)
    if (how === 'failNonRetryable') await fail('activity failed', 'Trouble', true)
    if (how === 'plain') await throwPlain('a plain error')
    if (how === 'early') return await failFirst(1)
    if (how === 'hang') await hang()
    if (how === 'abort') await abortsItself()
    return await echo('nothing')
  } catch (error) {
    return describedError(error)
  }
}

type RunsOut = 'start to close' | 'heartbeat' | 'schedule to start' | 'schedule to close' | 'schedule to close, never started'

/** An activity runs out of a time, under a retry policy that allows more attempts. */
export async function runsOut(of: RunsOut, nonRetryableErrorTypes: string[] = []): Promise<unknown> {
  const times = {
    'start to close': { startToCloseTimeout: 500 }, heartbeat: { startToCloseTimeout: '1 minute', heartbeatTimeout: 500 },
    'schedule to start': { scheduleToStartTimeout: 500, startToCloseTimeout: '1 minute' },
    'schedule to close': { scheduleToCloseTimeout: 500 }, 'schedule to close, never started': { scheduleToCloseTimeout: 500 },
  } as const
  const retry = { initialInterval: 1, backoffCoefficient: 1, maximumAttempts: 20, nonRetryableErrorTypes }
  const { hangFirst } = proxyActivities<typeof activities>({ ...times[of], retry })
  try {
    return await hangFirst()
  } catch (error) {
    return describedError(error)
  }
}

/** An activity that fails once; nobody takes its second attempt. */
export async function isLeft(): Promise<unknown> {
  const { echoAndFail } = proxyActivities<typeof activities>({
    scheduleToCloseTimeout: '8 seconds', retry: { initialInterval: '1 second', backoffCoefficient: 1 },
  })
  try {
    return await echoAndFail(workflowInfo().workflowId)
  } catch (error) {
    return describedError(error)
  }
}
