import { asRunId } from '@perdure/engine'
import type { ExecutionStatus, Payload, UpdateStage, UpdateState } from '@perdure/engine'
import type { Query } from '../statement.ts'

interface Row {
  readonly run_id: string
  readonly update_id: string
  readonly stage: UpdateStage
  readonly result: Payload | null
  readonly failure: Payload | null
  readonly status: ExecutionStatus
}

/** Plan: unique index on run_id, primary key of updates. */
export const findUpdate: Query<[runId: string, updateId: string], Row, UpdateState> = {
  sql: `select run_id, update_id, stage, updates.result, updates.failure, status from executions
    cross join updates on execution_id = executions.id where run_id = ? and update_id = ?`,
  decode: row => ({
    runId: asRunId(row.run_id), updateId: row.update_id, stage: row.stage, result: row.result, failure: row.failure,
    isOpen: row.status === 'RUNNING',
  }),
}
