import {
  type ActivityOptions, ActivityFailure, ApplicationFailure, proxyActivities, type RetryPolicy, TimeoutFailure,
} from 'perdure/workflow'
import type * as failing from '../activities/failing.ts'
import type * as hanging from '../activities/hanging.ts'

type Activities = typeof failing & typeof hanging

const withRetry = (retry: RetryPolicy) => proxyActivities<Activities>({ startToCloseTimeout: '1 minute', retry })

export async function succeedLater(key: string, attempt: number, retry: RetryPolicy): Promise<number> {
  return withRetry(retry).succeedAt(key, attempt)
}

export async function failedFinally(key: string): Promise<void> {
  await withRetry({ initialInterval: 1 }).failFinally(key)
}

export async function failedByClass(key: string): Promise<void> {
  await withRetry({ initialInterval: 1, nonRetryableErrorTypes: ['CardExpired'] }).failByClass(key)
}

export async function failedWithCause(): Promise<void> {
  await withRetry({ maximumAttempts: 1 }).failWithCause()
}

export async function thrownText(): Promise<void> {
  await withRetry({ maximumAttempts: 1 }).throwText()
}

export async function delayedByFailure(key: string, delayMs: number): Promise<number> {
  return withRetry({ initialInterval: '1 hour' }).failWithDelay(key, delayMs)
}

/** The next attempt would begin after the end of all attempts. */
export async function noTimeLeft(key: string): Promise<void> {
  const { succeedAt } = proxyActivities<Activities>({ scheduleToCloseTimeout: '10 seconds', retry: { initialInterval: '1 hour' } })
  await succeedAt(key, 2)
}

export async function caughtFailure(key: string): Promise<unknown> {
  try {
    await withRetry({ initialInterval: 1, maximumAttempts: 2 }).succeedAt(key, 9)
  } catch (error) {
    if (!(error instanceof ActivityFailure)) return 'not an ActivityFailure'
    const { activityType, retryState, cause } = error
    if (!(cause instanceof ApplicationFailure)) return 'no ApplicationFailure in it'
    return { activityType, retryState, type: cause.type, message: cause.message, details: cause.details, nonRetryable: cause.nonRetryable }
  }
  return 'did not fail'
}

export async function hung(key: string, attempt: number, options: ActivityOptions): Promise<number> {
  return proxyActivities<Activities>(options).hangUntilAttempt(key, attempt)
}

/** What a timeout says, seen from the workflow. */
export async function timedOut(key: string, options: ActivityOptions): Promise<unknown> {
  try {
    await proxyActivities<Activities>(options).hangUntilAttempt(key, 99)
  } catch (error) {
    return describeTimeout(error)
  }
  return 'no timeout'
}

export async function silent(key: string, page: number): Promise<unknown> {
  const retry = { initialInterval: 1 }
  return proxyActivities<Activities>({ startToCloseTimeout: '1 minute', heartbeatTimeout: '2 seconds', retry }).fallSilent(key, page)
}

export async function silentOnce(key: string, page: number): Promise<unknown> {
  try {
    const options = { startToCloseTimeout: '1 minute', heartbeatTimeout: '2 seconds', retry: { maximumAttempts: 1 } } as const
    return await proxyActivities<Activities>(options).fallSilent(key, page)
  } catch (error) {
    return describeTimeout(error)
  }
}

export async function remembered(page: number): Promise<unknown> {
  const retry = { initialInterval: 1 }
  return proxyActivities<Activities>({ startToCloseTimeout: '1 minute', heartbeatTimeout: '30 seconds', retry }).rememberPage(page)
}

export async function beating(times: number): Promise<number> {
  return proxyActivities<Activities>({ startToCloseTimeout: '1 minute', heartbeatTimeout: 2_000 }).beatOn(times)
}

function describeTimeout(error: unknown): unknown {
  if (!(error instanceof ActivityFailure)) return 'not an ActivityFailure'
  const { cause, retryState } = error
  if (!(cause instanceof TimeoutFailure)) return `not a TimeoutFailure: ${String(cause)}`
  return { retryState, timeoutType: cause.timeoutType, lastHeartbeatDetails: cause.lastHeartbeatDetails ?? null }
}
