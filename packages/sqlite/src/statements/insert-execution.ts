import type { Change } from '../statement.ts'

/** Changes 0: the run exists, or the workflow id has an open one. Plan: three unique look-ups. */
export const insertExecution: Change<[
  runId: string, namespace: string, workflowId: string, workflowType: string, taskQueue: string, priority: number, owner: number | null,
  wakeAt: number | null, startedAt: number, firstTaskAt: number | null, input: string, memo: string | null,
  searchAttributes: string | null,
]> = {
  sql: `insert into executions (run_id, namespace, workflow_id, workflow_type, task_queue, priority, owner, wake_at, started_at, claimed_at,
      first_task_at, input, memo, search_attributes, first_run_id, status)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10, ?11, ?12, ?13, ?1, 'RUNNING')
    on conflict do nothing`,
}
