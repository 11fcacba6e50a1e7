import { asRunId } from '@perdure/engine'
import type { RunId } from '@perdure/engine'
import type { Query } from '../statement.ts'

interface Row {
  readonly run_id: string
  readonly command: number
  readonly attempt: number
}

/** Plan: activity_tasks_running; primary key of executions. */
export const cancelledTasks: Query<[worker: number], Row, { readonly runId: RunId; readonly command: number; readonly attempt: number }> = {
  sql: `select executions.run_id, command, attempt from activity_tasks indexed by activity_tasks_running
    cross join executions on executions.id = activity_tasks.execution_id
    where worker = ? and cancel_requested = 1 and lost = 0`,
  decode: row => ({ runId: asRunId(row.run_id), command: row.command, attempt: row.attempt }),
}
