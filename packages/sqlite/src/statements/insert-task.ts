import type { Change } from '../statement.ts'

/** A task that exists for the command stays as it is. */
export const insertTask: Change<[
  executionId: number, command: number, namespace: string, taskQueue: string, activityType: string, priority: number, availableAt: number,
  worker: number | null, cancelRequested: number, lost: number, deadlineAt: number | null, attempt: number, runMs: number | null,
  closeBy: number | null, scheduledAt: number, startedAt: number | null, workflowId: string, workflowType: string, activityId: string,
  input: string, options: string, lastFailure: string | null, heartbeatDetails: string | null,
]> = {
  sql: `insert into activity_tasks (execution_id, command, namespace, task_queue, activity_type, priority, available_at, worker,
      cancel_requested, lost, deadline_at, attempt, run_ms, close_by, scheduled_at, started_at, workflow_id, workflow_type, activity_id,
      input, options, last_failure, heartbeat_details)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    on conflict (execution_id, command) do nothing`,
}
