/** Why an activity is asked to stop. */
import type { ActivityHost } from './activity-host.ts'
import { CancelledFailure } from './failure.ts'

export interface ActivityCancellationDetailsOptions {
  readonly notFound?: boolean
  readonly cancelRequested?: boolean
  readonly paused?: boolean
  readonly timedOut?: boolean
  readonly workerShutdown?: boolean
  readonly reset?: boolean
}

/** Why an activity is asked to stop: one of these is true. */
export class ActivityCancellationDetails {
  /** Nobody waits for it any more: its workflow has closed, or another attempt took its place. */
  readonly notFound: boolean
  /** Its workflow asked for it. */
  readonly cancelRequested: boolean
  readonly paused: boolean
  readonly timedOut: boolean
  /** Its worker stops, and has waited for long enough. */
  readonly workerShutdown: boolean
  readonly reset: boolean

  constructor(options: ActivityCancellationDetailsOptions = {}) {
    this.notFound = options.notFound ?? false
    this.cancelRequested = options.cancelRequested ?? false
    this.paused = options.paused ?? false
    this.timedOut = options.timedOut ?? false
    this.workerShutdown = options.workerShutdown ?? false
    this.reset = options.reset ?? false
  }
}

/** By the message of the failure that it is asked to stop with; undefined when it is not. */
export function cancellationDetailsOf({ cancellationSignal }: ActivityHost): ActivityCancellationDetails | undefined {
  if (!cancellationSignal.aborted) return undefined
  const reason: unknown = cancellationSignal.reason
  const message = reason instanceof CancelledFailure ? reason.message : ''
  return new ActivityCancellationDetails({
    cancelRequested: message === 'CANCELLED', timedOut: message === 'TIMED_OUT', workerShutdown: message === 'WORKER_SHUTDOWN',
    notFound: !['CANCELLED', 'TIMED_OUT', 'WORKER_SHUTDOWN'].includes(message),
  })
}
