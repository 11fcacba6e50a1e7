import type { Query } from '../statement.ts'
import { executionColumns, type ExecutionRow } from './execution-row.ts'

/** Plan: primary key. */
export const findExecution: Query<[id: number], ExecutionRow, ExecutionRow> = {
  sql: `select ${executionColumns} from executions where id = ?`,
  decode: row => row,
}
