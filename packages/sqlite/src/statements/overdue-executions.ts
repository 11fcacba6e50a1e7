import type { ExecutionRecord } from '@perdure/engine'
import type { Query } from '../statement.ts'
import { decodeExecution, executionColumns, type ExecutionRow } from './execution-row.ts'

/** One page. Plan: executions_by_expiry from the place before in its order; those of one millisecond are sorted among themselves. */
export const overdueExecutions: Query<
  [namespace: string, now: number, limit: number, expiresAt: number, runId: string], ExecutionRow, ExecutionRecord
> = {
  sql: `select ${executionColumns} from executions indexed by executions_by_expiry
    where namespace = ?1 and expires_at <= ?2 and expires_at >= ?4 and (expires_at, run_id) > (?4, ?5) and status = 'RUNNING'
    order by expires_at, run_id limit ?3`,
  decode: decodeExecution,
}
