import type { EventRecord } from '@perdure/engine'
import type { Query } from '../statement.ts'

/** One event. Plan: history_by_seq, one row. */
export const eventAt: Query<[seq: number, executionId: number], EventRecord, EventRecord> = {
  sql: 'select seq, type, at, data from history where seq = ? and execution_id = ?',
  decode: ({ seq, type, at, data }) => ({ seq, type, at, data }),
}
