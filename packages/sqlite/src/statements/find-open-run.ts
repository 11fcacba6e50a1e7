import { asRunId } from '@perdure/engine'
import type { RunId } from '@perdure/engine'
import type { Query } from '../statement.ts'

/** The open run of a workflow id. Plan: executions_open. */
export const findOpenRun: Query<
  [namespace: string, workflowId: string], { readonly id: number; readonly run_id: string }, { readonly id: number; readonly runId: RunId }
> = {
  sql: `select id, run_id from executions where namespace = ? and workflow_id = ? and status = 'RUNNING'`,
  decode: row => ({ id: row.id, runId: asRunId(row.run_id) }),
}
