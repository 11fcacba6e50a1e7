import { ActivityFailure, type RetryState } from '@perdure/workflow'
import type { ValueConverter } from '../conversion/value-converter.ts'
import type { ActivityEnd } from '../protocol/event.ts'
import { withoutFrames } from '../protocol/user-stack.ts'

export type ActivityOutcome =
  | { readonly type: 'resolve'; readonly value: unknown }
  | { readonly type: 'reject'; readonly error: Error }

/** What the promise of an activity call becomes when the activity has ended. A failed local one has no ActivityFailure around it. */
export function activityOutcome(event: ActivityEnd, isLocal: boolean, values: ValueConverter): ActivityOutcome {
  if (event.type === 'ActivityTaskCompleted') return { type: 'resolve', value: values.decode(event.result) }
  const retryState = (event.type === 'ActivityTaskCanceled' ? 'CANCEL_REQUESTED' : event.retryState) as RetryState
  const message = { ActivityTaskFailed: 'failed', ActivityTaskTimedOut: 'timed out', ActivityTaskCanceled: 'cancelled' }[event.type]
  if (isLocal && event.type === 'ActivityTaskFailed') return { type: 'reject', error: values.failures.decode(event.failure) }
  const { activityType, activityId } = event
  const error = values.failures.decode(event.failure, (cause) => withoutFrames(
    () => new ActivityFailure(`Activity task ${message}`, activityType, activityId, retryState, undefined, cause),
  ))
  return { type: 'reject', error }
}
