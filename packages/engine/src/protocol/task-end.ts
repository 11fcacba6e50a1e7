/** How the end of an attempt changes its row, and until when a row may stay as it is. Pure. */
import { CancelledFailure } from '@perdure/workflow'
import { decodeActivityOptions } from './activity-options-codec.ts'
import type { ActivityTask, TaskEnd } from './activity-task.ts'
import type { AttemptEnd } from './attempt-end.ts'
import { encodeEvent } from './event-codec.ts'
import type { ActivityEnd } from './event.ts'
import { encodeFailure } from './failure-codec.ts'
import type { Millis } from './ids.ts'
import type { Payload } from './payload.ts'

export function taskEnd(task: ActivityTask, ended: AttemptEnd, heartbeatDetails: Payload | null = null): TaskEnd {
  const { runId, command, attempt } = task
  if (ended.type === 'event') {
    return { runId, command, attempt, outcome: { type: 'post', eventType: ended.event.type, data: encodeEvent(ended.event) } }
  }
  const { availableAt, lastFailure } = ended
  const deadlineAt = waitingDeadline(task, availableAt)
  return { runId, command, attempt, outcome: { type: 'retry', availableAt, deadlineAt, lastFailure, heartbeatDetails } }
}

/** Of a task that was cancelled while it waits. A worker that has taken it meanwhile knows of it, and says how it ends. */
export function cancelledWaiting(task: ActivityTask): TaskEnd {
  const { runId, command, attempt, activityType, activityId, taskQueue, scheduledAt, options, input } = task
  const event: ActivityEnd = {
    type: 'ActivityTaskCanceled', command, activityType, activityId, taskQueue, attempt, scheduledAt, startedAt: null, options, input,
    failure: encodeFailure(new CancelledFailure('CANCELLED')),
  }
  return { runId, command, attempt, outcome: { type: 'post', eventType: event.type, data: encodeEvent(event), onlyWaiting: true } }
}

/** When a waiting task is over its time: schedule-to-start of this attempt, or schedule-to-close of all. */
export function waitingDeadline(task: ActivityTask, availableAt: Millis): Millis | null {
  const { scheduleToStartMs } = decodeActivityOptions(task.options)
  const startBy = scheduleToStartMs === undefined ? null : availableAt + scheduleToStartMs
  return earlier(startBy, task.closeBy)
}

/** When a running task is over its time, if the last that was heard of it is of `now`. */
export function runningDeadline(task: ActivityTask, startedAt: Millis, now: Millis): Millis | null {
  const { heartbeatMs, startToCloseMs } = decodeActivityOptions(task.options)
  const beatBy = heartbeatMs === undefined ? null : now + heartbeatMs
  const closeBy = startToCloseMs === undefined ? null : startedAt + startToCloseMs
  return earlier(earlier(beatBy, closeBy), task.closeBy)
}

export function earlier(one: Millis | null, other: Millis | null): Millis | null {
  if (one === null || other === null) return one ?? other
  return Math.min(one, other)
}
