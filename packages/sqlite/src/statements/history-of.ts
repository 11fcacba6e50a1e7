import type { EventRecord } from '@perdure/engine'
import type { Query } from '../statement.ts'

/** Plan: history_by_seq, in its order. */
export const historyOf: Query<[executionId: number, afterSeq: number, limit: number], EventRecord, EventRecord> = {
  sql: 'select seq, type, at, data from history where execution_id = ? and seq > ? order by seq limit ?',
  decode: ({ seq, type, at, data }) => ({ seq, type, at, data }),
}
