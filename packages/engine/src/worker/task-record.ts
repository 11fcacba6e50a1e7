/** Rows of activity_tasks as the worker makes them. Pure. */
import type { ScheduleActivity } from '../execution/command.ts'
import { encodeActivityOptions, decodeActivityOptions } from '../protocol/activity-options-codec.ts'
import type { ActivityTask } from '../protocol/activity-task.ts'
import type { ExecutionRecord } from '../protocol/execution-record.ts'
import type { Incarnation, Millis } from '../protocol/ids.ts'
import type { Payload } from '../protocol/payload.ts'

const priorityStandard = 3

/** Attempt 1 of an activity, waiting. Start-to-close and heartbeat timeouts are clamped to schedule-to-close. */
export function scheduledTask(record: ExecutionRecord, schedule: Omit<ScheduleActivity, 'type'>): ActivityTask {
  const { options } = schedule
  const limits = [options.startToCloseMs, options.heartbeatMs, options.scheduleToCloseMs].filter((limit) => limit !== undefined)
  const closeBy = options.scheduleToCloseMs === undefined ? null : schedule.scheduledAt + options.scheduleToCloseMs
  const task: ActivityTask = {
    namespace: record.namespace, runId: record.runId, command: schedule.command,
    workflowId: record.workflowId, workflowType: record.workflowType,
    taskQueue: options.taskQueue ?? record.taskQueue, activityType: schedule.activityType, activityId: schedule.activityId,
    priority: options.priority ?? priorityStandard, attempt: 1, input: schedule.input, options: encodeActivityOptions(options),
    worker: null, scheduledAt: schedule.scheduledAt, availableAt: schedule.scheduledAt, startedAt: null, deadlineAt: null,
    runMs: limits.length === 0 ? null : Math.min(...limits), closeBy,
    lost: false, cancelRequested: false, lastFailure: null, heartbeatDetails: null,
  }
  return { ...task, deadlineAt: waitingDeadline(task, task.availableAt) }
}

/** When a waiting task is over its time: schedule-to-start of this attempt, or schedule-to-close of all. */
export function waitingDeadline(task: ActivityTask, availableAt: Millis): Millis | null {
  const { scheduleToStartMs } = decodeActivityOptions(task.options)
  const startBy = scheduleToStartMs === undefined ? null : availableAt + scheduleToStartMs
  return earlier(startBy, task.closeBy)
}

export function runningTask(task: ActivityTask, worker: Incarnation, startedAt: Millis): ActivityTask {
  const runBy = task.runMs === null ? null : startedAt + task.runMs
  return { ...task, worker, startedAt, deadlineAt: earlier(runBy, task.closeBy) }
}

export function retriedTask(
  task: ActivityTask, availableAt: Millis, lastFailure: Payload | null, heartbeatDetails: Payload | null,
): ActivityTask {
  const waiting = {
    ...task, attempt: task.attempt + 1, worker: null, startedAt: null, availableAt, lost: false, lastFailure, heartbeatDetails,
  }
  return { ...waiting, deadlineAt: waitingDeadline(task, availableAt) }
}

export function earlier(one: Millis | null, other: Millis | null): Millis | null {
  if (one === null || other === null) return one ?? other
  return Math.min(one, other)
}
