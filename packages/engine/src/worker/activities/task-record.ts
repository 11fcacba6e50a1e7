/** Rows of activity_tasks as the worker makes them. Pure. */
import type { ScheduleActivity } from '../../execution/command.ts'
import { encodeActivityOptions } from '../../protocol/activity-options-codec.ts'
import type { ActivityTask } from '../../protocol/activity-task.ts'
import type { ExecutionRecord } from '../../protocol/execution-record.ts'
import { type Incarnation, type Millis, outsideWorker } from '../../protocol/ids.ts'
import type { Payload } from '../../protocol/payload.ts'
import { runningDeadline, waitingDeadline } from '../../protocol/task-end.ts'

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

/** @param heardAt when it sent its last heartbeat, or began */
export function runningTask(task: ActivityTask, worker: Incarnation, startedAt: Millis, heardAt: Millis): ActivityTask {
  return { ...task, worker, startedAt, deadlineAt: runningDeadline(task, startedAt, heardAt) }
}

export function retriedTask(
  task: ActivityTask, availableAt: Millis, lastFailure: Payload | null, heartbeatDetails: Payload | null,
): ActivityTask {
  const waiting = {
    ...task, attempt: task.attempt + 1, worker: null, startedAt: null, availableAt, lost: false, lastFailure, heartbeatDetails,
  }
  return { ...waiting, deadlineAt: waitingDeadline(task, availableAt) }
}

/** An attempt that its function left to whoever has its token. */
export function outsideTask(task: ActivityTask, startedAt: Millis, now: Millis): ActivityTask {
  return { ...task, worker: outsideWorker, startedAt, deadlineAt: runningDeadline(task, startedAt, now) }
}

/** A fact that running the code again does not bring back, as against the row of a first attempt that has only been scheduled. */
export function isFact({ attempt, worker }: ActivityTask): boolean {
  return attempt > 1 || worker === outsideWorker
}
