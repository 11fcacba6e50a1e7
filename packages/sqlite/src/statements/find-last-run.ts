import { asRunId } from '@perdure/engine'
import type { ExecutionStatus, RunId } from '@perdure/engine'
import type { Query } from '../statement.ts'

interface Row {
  readonly id: number
  readonly run_id: string
  readonly status: ExecutionStatus
}

/** The run of a workflow id that started last. Plan: executions_by_workflow_id backwards, one row. */
export const findLastRun: Query<
  [namespace: string, workflowId: string], Row, { readonly id: number; readonly runId: RunId; readonly status: ExecutionStatus }
> = {
  sql: `select id, run_id, status from executions where namespace = ? and workflow_id = ?
    order by started_at desc, run_id desc limit 1`,
  decode: row => ({ id: row.id, runId: asRunId(row.run_id), status: row.status }),
}
