/**
 * What an activity author imports: names and signatures of `@temporalio/activity`.
 *
 * @example
 * import { heartbeat } from 'perdure/activity'
 */
import { getClient as clientOfActivity } from '@perdure/workflow/activity'
import type { Engine } from './engine.ts'

export {
  ActivityCancellationDetails, activityInfo, ApplicationFailure, ApplicationFailureCategory, asyncLocalStorage, cancellationDetails,
  CancelledFailure, cancellationSignal, cancelled, CompleteAsyncError, Context, heartbeat, isCancellation, log, metricMeter,
  setActivityOptions, sleep,
} from '@perdure/workflow/activity'
export type {
  ActivityCancellationDetailsOptions, ActivityDefinitionOptions, ActivityFunction, ActivityInfo, ActivityInterface,
  ApplicationFailureOptions, Duration, Info, LogAttributes, Logger, UntypedActivities,
} from '@perdure/workflow/activity'

/**
 * The engine that runs the activity: to start, signal and look at executions.
 * @throws PerdureError NOT_IN_ACTIVITY, NO_CLIENT_IN_ACTIVITY
 */
export function getClient(): Engine {
  return clientOfActivity() as Engine
}
