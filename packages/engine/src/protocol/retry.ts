/** What follows a failed attempt of an activity. Pure. */
import type { TimeoutType } from '@perdure/workflow'
import type { ResolvedActivityOptions } from '@perdure/workflow/host'
import type { Millis } from './ids.ts'

export interface AttemptEnded {
  readonly options: ResolvedActivityOptions
  /** The attempt that ended, from 1. */
  readonly attempt: number
  readonly scheduledAt: Millis
  readonly now: Millis
  /** For nonRetryableErrorTypes; of a timeout as `timeoutFailureType` says. */
  readonly failureType: string | null
  readonly nonRetryable: boolean
  /** From the failure itself, in place of the policy's interval. */
  readonly nextRetryDelayMs: number | null
  readonly cancelRequested: boolean
}

export type NextAttempt =
  | { readonly type: 'retry'; readonly availableAt: Millis }
  | { readonly type: 'end'; readonly retryState: EndedRetryState }

export type EndedRetryState = 'NON_RETRYABLE_FAILURE' | 'TIMEOUT' | 'MAXIMUM_ATTEMPTS_REACHED' | 'CANCEL_REQUESTED'

/**
 * Temporal's order of reasons: a cancel request ends everything, then the failure's own word, then the attempts, then a
 * retry that would begin after schedule-to-close.
 */
export function nextAttempt(ended: AttemptEnded): NextAttempt {
  const { retry, scheduleToCloseMs } = ended.options
  if (ended.cancelRequested) return { type: 'end', retryState: 'CANCEL_REQUESTED' }
  if (ended.nonRetryable || (ended.failureType !== null && retry.nonRetryableErrorTypes.includes(ended.failureType))) {
    return { type: 'end', retryState: 'NON_RETRYABLE_FAILURE' }
  }
  if (retry.maximumAttempts > 0 && ended.attempt >= retry.maximumAttempts) return { type: 'end', retryState: 'MAXIMUM_ATTEMPTS_REACHED' }
  const availableAt = ended.now + (ended.nextRetryDelayMs ?? retryIntervalMs(ended.options, ended.attempt))
  if (scheduleToCloseMs !== undefined && availableAt >= ended.scheduledAt + scheduleToCloseMs) return { type: 'end', retryState: 'TIMEOUT' }
  return { type: 'retry', availableAt }
}

/** What nonRetryableErrorTypes call a timeout: a Temporal server's names. The other two are never tried again. */
export function timeoutFailureType(timeoutType: TimeoutType): string | null {
  if (timeoutType === 'START_TO_CLOSE') return 'TemporalTimeout:StartToClose'
  return timeoutType === 'HEARTBEAT' ? 'TemporalTimeout:Heartbeat' : null
}

/** Pause after `attempt` failed: initial x coefficient^(attempt - 1), at most the maximum. */
export function retryIntervalMs(options: ResolvedActivityOptions, attempt: number): number {
  const { initialMs, coefficient, maximumMs } = options.retry
  return Math.round(Math.min(maximumMs, initialMs * coefficient ** (attempt - 1)))
}
