import type { ExecutionStatus } from '@perdure/engine'
import type { Query } from '../statement.ts'

export interface RunState {
  readonly id: number
  readonly namespace: string
  readonly workflowId: string
  readonly status: ExecutionStatus
}
interface Row {
  readonly id: number
  readonly namespace: string
  readonly workflow_id: string
  readonly status: ExecutionStatus
}

/** Plan: unique index on run_id. */
export const findRun: Query<[runId: string], Row, RunState> = {
  sql: 'select id, namespace, workflow_id, status from executions where run_id = ?',
  decode: row => ({ id: row.id, namespace: row.namespace, workflowId: row.workflow_id, status: row.status }),
}
