/**
 * What an activity author imports: names and signatures of `@temporalio/activity`.
 *
 * @example
 * import { heartbeat } from 'perdure/activity'
 */
export {
  activityInfo, ApplicationFailure, ApplicationFailureCategory, CancelledFailure, cancellationSignal, cancelled, CompleteAsyncError,
  Context, heartbeat, isCancellation, log, sleep,
} from '@perdure/workflow/activity'
export type {
  ActivityFunction, ActivityInfo, ApplicationFailureOptions, Duration, Info, LogAttributes, Logger, UntypedActivities,
} from '@perdure/workflow/activity'
