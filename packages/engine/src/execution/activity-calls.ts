/** Activities as workflow code calls them: scheduled, cancelled by their type of cancellation, settled by their end. */
import { ActivityFailure, CancelledFailure } from '@perdure/workflow'
import type { ActivityRequest, PendingCommand } from '@perdure/workflow/host'
import type { ActivityEnd } from '../protocol/event.ts'
import type { CommandNumber } from '../protocol/ids.ts'
import { withoutFrames } from '../protocol/user-stack.ts'
import { activityOutcome } from './activity-outcome.ts'
import type { Issuing } from './issuing.ts'
import type { PendingActivity, PendingCommands } from './pending-commands.ts'

export function scheduleActivity(issuing: Issuing, pending: PendingCommands, request: ActivityRequest): PendingCommand<unknown> {
  const { activityType, options } = request
  issuing.requireActivation(`activity '${activityType}' was called`)
  const input = issuing.values.encodeArguments(request.args, `activity '${activityType}'`)
  const scheduledAt = issuing.time
  const issued = pending.addActivity({ activityType, options, input, scheduledAt, activation: issuing.activation })
  const activityId = options.activityId ?? String(issued.command)
  issuing.issue({ type: 'ScheduleActivity', command: issued.command, activityType, activityId, options, input, scheduledAt })
  return issued
}

export function cancelActivity(issuing: Issuing, pending: PendingCommands, command: CommandNumber): void {
  const activity = pending.activities.get(command)
  if (activity === undefined || activity.cancelRequested) return
  issuing.requireActivation(`activity '${activity.activityType}' was cancelled`)
  activity.cancelRequested = true
  const { cancellationType } = activity.options
  // By activation, not by what was carried out already: replay must come to the same answer.
  const scheduledNow = activity.activation === issuing.activation
  if (scheduledNow) issuing.withdraw(command)
  else issuing.issue({ type: 'CancelActivity', command, abandon: cancellationType === 'ABANDON' })
  if (cancellationType === 'WAIT_CANCELLATION_COMPLETED' && !scheduledNow) return
  issuing.settleLater(() => {
    if (pending.activities.delete(command)) activity.reject(issuing.values.failures.presented(cancelledActivity(activity)))
  })
}

/** The history says how it ended. */
export function settleActivity(issuing: Issuing, pending: PendingCommands, event: ActivityEnd): void {
  const activity = pending.activities.get(event.command)
  if (activity === undefined || activity.activityType !== event.activityType) {
    throw issuing.mismatch(`${event.type} for command ${event.command}: activity '${event.activityType}'`, event.command)
  }
  pending.activities.delete(event.command)
  const settled = activityOutcome(event, activity.options.local === true, issuing.values)
  if (settled.type === 'resolve') activity.resolve(settled.value)
  else activity.reject(settled.error)
}

function cancelledActivity({ activityType, activityId }: PendingActivity): ActivityFailure {
  return withoutFrames(() => new ActivityFailure(
    'Activity task cancelled', activityType, activityId, 'CANCEL_REQUESTED', undefined, new CancelledFailure('CANCELLED'),
  ))
}
