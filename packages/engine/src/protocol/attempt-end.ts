/** From how an attempt ended to what is written: another attempt, or the event that ends the activity. Pure. */
import { ApplicationFailure, CancelledFailure, type TimeoutType } from '@perdure/workflow'
import { thrownType } from '@perdure/workflow/host'
import { decodeActivityOptions } from './activity-options-codec.ts'
import type { ActivityTask } from './activity-task.ts'
import type { ActivityEnd, ActivityFacts } from './event.ts'
import { encodeFailure, type FailureCodec, plainFailures } from './failure-codec.ts'
import { retryDelayMs } from './failure-level.ts'
import type { Millis } from './ids.ts'
import type { Payload } from './payload.ts'
import { type NextAttempt, nextAttempt, timeoutFailureType } from './retry.ts'

export type AttemptResult =
  | { readonly type: 'completed'; readonly result: Payload }
  | { readonly type: 'failed'; readonly error: unknown }
  | { readonly type: 'timed_out'; readonly timeoutType: TimeoutType }
  /** Its worker died. */
  | { readonly type: 'lost' }

export type AttemptEnd =
  | { readonly type: 'event'; readonly event: ActivityEnd }
  | { readonly type: 'retry'; readonly availableAt: Millis; readonly lastFailure: Payload }

export interface AttemptContext {
  readonly task: ActivityTask
  readonly startedAt: Millis | null
  readonly cancelRequested: boolean
  readonly details: Payload | null
  readonly now: Millis
  /** Default: the engine's own way. */
  readonly failures?: FailureCodec
}

export function attemptEnd(result: AttemptResult, context: AttemptContext): AttemptEnd {
  const { task } = context
  const facts: ActivityFacts = {
    command: task.command, activityType: task.activityType, activityId: task.activityId, taskQueue: task.taskQueue, attempt: task.attempt,
    scheduledAt: task.scheduledAt, startedAt: context.startedAt, options: task.options, input: task.input,
  }
  switch (result.type) {
    case 'completed':
      return { type: 'event', event: { ...facts, type: 'ActivityTaskCompleted', result: result.result } }
    case 'failed':
      return failedEnd(facts, result.error, context)
    case 'timed_out':
      return timedOutEnd(facts, result.timeoutType, context)
    case 'lost':
      return lostEnd(facts, context)
    default:
      return result satisfies never
  }
}

function failedEnd(facts: ActivityFacts, error: unknown, context: AttemptContext): AttemptEnd {
  const thrown = readThrown(error, context.failures ?? plainFailures)
  if (context.cancelRequested && thrown.isCancellation) {
    return { type: 'event', event: { ...facts, type: 'ActivityTaskCanceled', failure: thrown.failure } }
  }
  const { failure, type, nonRetryable, nextRetryDelayMs } = thrown
  const next = nextAttempt({ ...attemptFacts(context), failureType: type, nonRetryable, nextRetryDelayMs })
  if (next.type === 'retry') return { ...next, lastFailure: failure }
  return { type: 'event', event: { ...facts, type: 'ActivityTaskFailed', failure, retryState: next.retryState } }
}

interface Thrown {
  readonly isCancellation: boolean
  readonly failure: Payload
  readonly type: string | null
  readonly nonRetryable: boolean
  readonly nextRetryDelayMs: Millis | null
}

/** What was thrown is the user's, and the attempt has ended whatever it is: getters and proxies of it may throw. */
function readThrown(error: unknown, failures: FailureCodec): Thrown {
  try {
    const failure = failures.encodeOfActivity(error)
    if (error instanceof CancelledFailure) return { ...unreadable, isCancellation: true, failure, type: thrownType(error) ?? null }
    const judged = failures.judged(error, failure)
    const application = judged instanceof ApplicationFailure ? judged : undefined
    return {
      isCancellation: false, failure, type: application?.type ?? thrownType(judged) ?? null,
      nonRetryable: application?.nonRetryable ?? false, nextRetryDelayMs: retryDelayMs(application?.nextRetryDelay) ?? null,
    }
  } catch {
    return { ...unreadable, failure: encodeFailure(error) }
  }
}

const unreadable = { isCancellation: false, type: null, nonRetryable: false, nextRetryDelayMs: null }

function timedOutEnd(facts: ActivityFacts, timeoutType: TimeoutType, context: AttemptContext): AttemptEnd {
  const failureType = timeoutFailureType(timeoutType)
  // The other two are the end of all attempts.
  const next: NextAttempt = failureType === null
    ? { type: 'end', retryState: context.cancelRequested ? 'CANCEL_REQUESTED' : 'TIMEOUT' }
    : nextAttempt({ ...attemptFacts(context), failureType, nonRetryable: false, nextRetryDelayMs: null })
  if (next.type === 'retry') return { ...next, lastFailure: timeout(messageOf(timeoutType), timeoutType, context) }
  const isLate = next.retryState === 'TIMEOUT' && timeoutType !== 'SCHEDULE_TO_START'
  const shown = isLate ? 'SCHEDULE_TO_CLOSE' : timeoutType
  const failure = timeout(messageOf(shown), shown, context)
  return { type: 'event', event: { ...facts, type: 'ActivityTaskTimedOut', failure, retryState: next.retryState } }
}

/** A lost worker is no fault of the activity: the next attempt may begin at once, where one may follow the timeout that would show it. */
function lostEnd(facts: ActivityFacts, context: AttemptContext): AttemptEnd {
  const ended = attemptFacts(context)
  const timeoutType = ended.options.heartbeatMs === undefined ? 'START_TO_CLOSE' : 'HEARTBEAT'
  const next = nextAttempt({ ...ended, failureType: timeoutFailureType(timeoutType), nonRetryable: false, nextRetryDelayMs: 0 })
  const failure = timeout('The worker that ran this attempt was lost', timeoutType, context)
  if (next.type === 'retry') return { ...next, lastFailure: failure }
  if (context.cancelRequested) {
    return { type: 'event', event: { ...facts, type: 'ActivityTaskCanceled', failure: encodeFailure(new CancelledFailure('CANCELLED')) } }
  }
  return { type: 'event', event: { ...facts, type: 'ActivityTaskTimedOut', failure, retryState: next.retryState } }
}

function attemptFacts(context: AttemptContext) {
  const { task, cancelRequested, now } = context
  return { options: decodeActivityOptions(task.options), attempt: task.attempt, scheduledAt: task.scheduledAt, now, cancelRequested }
}

function messageOf(timeoutType: TimeoutType): string {
  return `activity ${timeoutType} timeout`
}

function timeout(message: string, timeoutType: TimeoutType, { failures = plainFailures, details }: AttemptContext): Payload {
  return failures.encodeTimeout(message, timeoutType, details)
}
