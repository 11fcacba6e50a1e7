import type { ExecutionRecord } from '@perdure/engine'
import type { Query } from '../statement.ts'
import { filterCondition, type FilterParameters } from './execution-filter.ts'
import { decodeExecution, executionColumns, type ExecutionRow } from './execution-row.ts'

/** One page. Plan: executions_by_start backwards from the cursor; the other conditions are tried row by row. */
export const listExecutions: Query<
  [...FilterParameters, limit: number], ExecutionRow, ExecutionRecord
> = {
  sql: `select ${executionColumns} from executions indexed by executions_by_start
    where ${filterCondition} order by started_at desc, run_id desc limit ?10`,
  decode: decodeExecution,
}
