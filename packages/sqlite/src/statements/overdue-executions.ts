import type { ExecutionRecord } from '@perdure/engine'
import type { Query } from '../statement.ts'
import { decodeExecution, executionColumns, type ExecutionRow } from './execution-row.ts'

/** Plan: executions_by_expiry in its order. */
export const overdueExecutions: Query<[namespace: string, now: number, limit: number], ExecutionRow, ExecutionRecord> = {
  sql: `select ${executionColumns} from executions indexed by executions_by_expiry
    where namespace = ? and expires_at <= ? and status = 'RUNNING' order by expires_at limit ?`,
  decode: decodeExecution,
}
