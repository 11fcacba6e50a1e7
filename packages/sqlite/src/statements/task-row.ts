import { asIncarnation, asRunId } from '@perdure/engine'
import type { ActivityTask, Payload } from '@perdure/engine'

/** The columns of an ActivityTask, from activity_tasks joined with executions. */
export const taskColumns = `executions.run_id, activity_tasks.execution_id, command, activity_tasks.namespace, activity_tasks.task_queue,
  activity_type, activity_tasks.priority, available_at, worker, cancel_requested, lost, deadline_at, attempt, run_ms, close_by,
  scheduled_at, activity_tasks.started_at, activity_tasks.workflow_id, activity_tasks.workflow_type, activity_id,
  activity_tasks.input, options, last_failure, heartbeat_details`

export interface TaskRow {
  readonly run_id: string
  readonly execution_id: number
  readonly command: number
  readonly namespace: string
  readonly task_queue: string
  readonly activity_type: string
  readonly priority: number
  readonly available_at: number
  readonly worker: number | null
  readonly cancel_requested: number
  readonly lost: number
  readonly deadline_at: number | null
  readonly attempt: number
  readonly run_ms: number | null
  readonly close_by: number | null
  readonly scheduled_at: number
  readonly started_at: number | null
  readonly workflow_id: string
  readonly workflow_type: string
  readonly activity_id: string
  readonly input: Payload
  readonly options: Payload
  readonly last_failure: Payload | null
  readonly heartbeat_details: Payload | null
}

export function decodeTask(row: TaskRow): ActivityTask {
  return {
    namespace: row.namespace,
    runId: asRunId(row.run_id),
    command: row.command,
    workflowId: row.workflow_id,
    workflowType: row.workflow_type,
    taskQueue: row.task_queue,
    activityType: row.activity_type,
    activityId: row.activity_id,
    priority: row.priority,
    attempt: row.attempt,
    input: row.input,
    options: row.options,
    worker: row.worker === null ? null : asIncarnation(row.worker),
    scheduledAt: row.scheduled_at,
    availableAt: row.available_at,
    startedAt: row.started_at,
    deadlineAt: row.deadline_at,
    runMs: row.run_ms,
    closeBy: row.close_by,
    lost: row.lost === 1,
    cancelRequested: row.cancel_requested === 1,
    lastFailure: row.last_failure,
    heartbeatDetails: row.heartbeat_details,
  }
}
