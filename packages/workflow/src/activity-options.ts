import type { Duration } from './duration.ts'

/** How an activity is retried. Defaults are Temporal's: 1 s, x2, at most 100 times the first interval, without end. */
export interface RetryPolicy {
  readonly initialInterval?: Duration
  readonly backoffCoefficient?: number
  /** Longest pause between two attempts; default 100 x initialInterval. */
  readonly maximumInterval?: Duration
  /** Attempts in all; 0 and Infinity mean unlimited. */
  readonly maximumAttempts?: number
  /** Failure types (class names, or the type given to ApplicationFailure) that are not retried. */
  readonly nonRetryableErrorTypes?: readonly string[]
}

/** What a cancelled scope does to a running activity. */
export const ActivityCancellationType = {
  /** Ask it to stop and report it cancelled at once. The default. */
  TRY_CANCEL: 'TRY_CANCEL',
  /** Ask it to stop and wait for how it ends. */
  WAIT_CANCELLATION_COMPLETED: 'WAIT_CANCELLATION_COMPLETED',
  /** Leave it running and report it cancelled at once. */
  ABANDON: 'ABANDON',
} as const
export type ActivityCancellationType = (typeof ActivityCancellationType)[keyof typeof ActivityCancellationType]

/**
 * Options of `proxyActivities`; one of startToCloseTimeout and scheduleToCloseTimeout is required.
 * Durations are milliseconds or ms-style strings ('30 seconds').
 * @see https://docs.temporal.io/encyclopedia/detecting-activity-failures
 */
export interface ActivityOptions {
  /** Default: a number counted per execution. */
  readonly activityId?: string
  /** Queue whose workers run the activity; default the workflow's own. */
  readonly taskQueue?: string
  readonly scheduleToStartTimeout?: Duration
  readonly scheduleToCloseTimeout?: Duration
  readonly startToCloseTimeout?: Duration
  readonly heartbeatTimeout?: Duration
  readonly retry?: RetryPolicy
  readonly cancellationType?: ActivityCancellationType
  /** 1 (first) to 5 (last); default 3. */
  readonly priority?: { readonly priorityKey?: number }
  readonly summary?: string
}
