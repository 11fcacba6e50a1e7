import { asRunId } from '@perdure/engine'
import type { ClosedExecution, ExecutionStatus, Payload } from '@perdure/engine'
import type { Query } from '../statement.ts'

interface Row {
  readonly run_id: string
  readonly status: ExecutionStatus
  readonly result: Payload | null
  readonly failure: Payload | null
}

/** Plan: unique index on run_id. */
export const findClosed: Query<[runId: string], Row, ClosedExecution> = {
  sql: `select run_id, status, result, failure from executions where run_id = ? and status <> 'RUNNING'`,
  decode: row => ({ runId: asRunId(row.run_id), status: row.status, result: row.result, failure: row.failure }),
}
