import type { Duration } from './duration.ts'
import type { Priority } from './workflow-priority.ts'

/** How an activity is retried. Defaults are Temporal's: 1 s, x2, at most 100 times the first interval, without end. */
export interface RetryPolicy {
  /** Pause before the second attempt. Default '1 second'. */
  readonly initialInterval?: Duration
  /** Each pause is so many times as long as the one before; from 1 on. Default 2. */
  readonly backoffCoefficient?: number
  /** Longest pause between two attempts. Default 100 x initialInterval. */
  readonly maximumInterval?: Duration
  /** Attempts in all, the first included; 0 and Infinity mean unlimited. Default unlimited. */
  readonly maximumAttempts?: number
  /**
   * Failure types (class names, or the type given to ApplicationFailure) that are not retried. Timeouts of an attempt are
   * 'TemporalTimeout:StartToClose' (a worker that died counts as one) and 'TemporalTimeout:Heartbeat'.
   */
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
  /**
   * How long it may wait for a worker before it starts. When it runs out the activity has failed and is not retried: for
   * work that is of no use when it is late. Default: none.
   */
  readonly scheduleToStartTimeout?: Duration
  /** How long it may take from the call to its end, with all attempts and the pauses between them. Default: none. */
  readonly scheduleToCloseTimeout?: Duration
  /** How long one attempt may run. An attempt that takes longer has failed, and the next one may follow. Default: none. */
  readonly startToCloseTimeout?: Duration
  /**
   * Longest time between two heartbeats of an attempt: one that is silent for longer has failed, and the next may follow.
   * The activity calls `heartbeat()` from `perdure/activity` more often than that. Default: none are expected.
   */
  readonly heartbeatTimeout?: Duration
  /** Default: retried for ever, after 1 s, 2 s, 4 s, up to 100 s. */
  readonly retry?: RetryPolicy
  /** What a cancelled scope does to it. Default TRY_CANCEL: it is asked to stop and reported cancelled at once. */
  readonly cancellationType?: ActivityCancellationType
  /** 1 (first) to 5 (last); default 3. */
  readonly priority?: Priority
  /** One line for people, kept with the activity's options. */
  readonly summary?: string
  /** Nothing to choose here: an activity always begins at once where its own worker has a free slot. */
  readonly allowEagerDispatch?: boolean
}

/**
 * Options of `proxyLocalActivities`: activities that run in the process of their workflow, whatever queue they would
 * belong to. One of startToCloseTimeout and scheduleToCloseTimeout is required.
 * @see https://docs.temporal.io/local-activity
 */
export interface LocalActivityOptions {
  /** Default: retried for ever, after 1 s, 2 s, 4 s, up to 100 s. */
  readonly retry?: RetryPolicy
  /** How long one attempt may run. */
  readonly startToCloseTimeout?: Duration
  /** How long it may wait before it starts. */
  readonly scheduleToStartTimeout?: Duration
  /** How long it may take from the call to its end, with all attempts and the pauses between them. */
  readonly scheduleToCloseTimeout?: Duration
  /** Nothing to choose here: pauses between attempts are durable, however short they are. */
  readonly localRetryThreshold?: Duration
  /** Default TRY_CANCEL. */
  readonly cancellationType?: ActivityCancellationType
  /** One line for people. */
  readonly summary?: string
}
