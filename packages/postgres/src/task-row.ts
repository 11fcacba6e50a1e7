/** A row of activity_tasks, as the driver and json functions give and take it, and the record of the port. */
import type { ActivityTask, Incarnation, Payload, RunId } from '@perdure/engine'

export interface TaskRow {
  readonly run_id: RunId
  readonly command: number
  readonly namespace: string
  readonly workflow_id: string
  readonly workflow_type: string
  readonly task_queue: string
  readonly activity_type: string
  readonly activity_id: string
  readonly priority: number
  readonly attempt: number
  readonly worker: Incarnation | null
  readonly lost: boolean
  readonly cancel_requested: boolean
  readonly scheduled_at: number
  readonly available_at: number
  readonly started_at: number | null
  readonly deadline_at: number | null
  readonly run_ms: number | null
  readonly close_by: number | null
  readonly input: Payload
  readonly options: Payload
  readonly last_failure: Payload | null
  readonly heartbeat_details: Payload | null
}

/** For `select ... from perdure.activity_tasks t`. */
export const taskColumns = [
  'run_id', 'command', 'namespace', 'workflow_id', 'workflow_type', 'task_queue', 'activity_type', 'activity_id', 'priority', 'attempt',
  'worker', 'lost', 'cancel_requested', 'scheduled_at', 'available_at', 'started_at', 'deadline_at', 'run_ms', 'close_by', 'input',
  'options', 'last_failure', 'heartbeat_details',
].map(column => `t.${column}`).join(', ')

export function activityTask(row: TaskRow): ActivityTask {
  return {
    namespace: row.namespace, runId: row.run_id, command: row.command, workflowId: row.workflow_id, workflowType: row.workflow_type,
    taskQueue: row.task_queue, activityType: row.activity_type, activityId: row.activity_id, priority: row.priority, attempt: row.attempt,
    input: row.input, options: row.options, worker: row.worker, scheduledAt: row.scheduled_at, availableAt: row.available_at,
    startedAt: row.started_at, deadlineAt: row.deadline_at, runMs: row.run_ms, closeBy: row.close_by, lost: row.lost,
    cancelRequested: row.cancel_requested, lastFailure: row.last_failure, heartbeatDetails: row.heartbeat_details,
  }
}

export function taskRow(task: ActivityTask): TaskRow {
  return {
    run_id: task.runId, command: task.command, namespace: task.namespace, workflow_id: task.workflowId, workflow_type: task.workflowType,
    task_queue: task.taskQueue, activity_type: task.activityType, activity_id: task.activityId, priority: task.priority,
    attempt: task.attempt, worker: task.worker, lost: task.lost, cancel_requested: task.cancelRequested, scheduled_at: task.scheduledAt,
    available_at: task.availableAt, started_at: task.startedAt, deadline_at: task.deadlineAt, run_ms: task.runMs, close_by: task.closeBy,
    input: task.input, options: task.options, last_failure: task.lastFailure, heartbeat_details: task.heartbeatDetails,
  }
}
