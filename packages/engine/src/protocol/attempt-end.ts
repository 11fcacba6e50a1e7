/** From how an attempt ended to what is written: another attempt, or the event that ends the activity. Pure. */
import { ApplicationFailure, CancelledFailure, TimeoutFailure, type TimeoutType } from '@perdure/workflow'
import { ensureApplicationFailure, thrownType } from '@perdure/workflow/host'
import { decodeActivityOptions } from './activity-options-codec.ts'
import type { ActivityTask } from './activity-task.ts'
import type { ActivityEnd, ActivityFacts } from './event.ts'
import { encodeFailure, retryDelayMs } from './failure-codec.ts'
import type { Millis } from './ids.ts'
import { decodePayload } from './payload-codec.ts'
import type { Payload } from './payload.ts'
import { nextAttempt } from './retry.ts'

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
  const thrown = readThrown(error)
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
function readThrown(error: unknown): Thrown {
  try {
    if (error instanceof CancelledFailure) {
      return { ...unreadable, isCancellation: true, failure: encodeFailure(error), type: thrownType(error) ?? null }
    }
    const application = error instanceof ApplicationFailure ? error : undefined
    return {
      isCancellation: false, failure: encodeFailure(ensureApplicationFailure(error)), type: application?.type ?? thrownType(error) ?? null,
      nonRetryable: application?.nonRetryable ?? false, nextRetryDelayMs: retryDelayMs(application?.nextRetryDelay) ?? null,
    }
  } catch {
    return { ...unreadable, failure: encodeFailure(error) }
  }
}

const unreadable = { isCancellation: false, type: null, nonRetryable: false, nextRetryDelayMs: null }

function timedOutEnd(facts: ActivityFacts, timeoutType: TimeoutType, context: AttemptContext): AttemptEnd {
  const final = timeoutType === 'SCHEDULE_TO_CLOSE' || timeoutType === 'SCHEDULE_TO_START'
  const next = nextAttempt({ ...attemptFacts(context), failureType: null, nonRetryable: final, nextRetryDelayMs: null })
  if (next.type === 'retry') return { ...next, lastFailure: timeout(timeoutType, context) }
  const shown = next.retryState === 'TIMEOUT' ? 'SCHEDULE_TO_CLOSE' : timeoutType
  return { type: 'event', event: { ...facts, type: 'ActivityTaskTimedOut', failure: timeout(shown, context), retryState: next.retryState } }
}

/** A lost worker is no fault of the activity: the next attempt may begin at once. */
function lostEnd(facts: ActivityFacts, context: AttemptContext): AttemptEnd {
  const next = nextAttempt({ ...attemptFacts(context), failureType: null, nonRetryable: false, nextRetryDelayMs: 0 })
  const failure = encodeFailure(new TimeoutFailure('The worker that ran this attempt was lost', details(context), 'START_TO_CLOSE'))
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

function timeout(timeoutType: TimeoutType, context: AttemptContext): Payload {
  return encodeFailure(new TimeoutFailure(`activity ${timeoutType} timeout`, details(context), timeoutType))
}

function details(context: AttemptContext): unknown {
  // Those of a payload converter have no JSON, which is what failures are kept as.
  return context.details === null || context.details.startsWith(':') ? undefined : decodePayload(context.details)
}
