/** A page of a history. Plan: history_pkey, a range. */
import type { EventRecord, RunId } from '@perdure/engine'
import type { Database, Statement } from '../statement.ts'

export const readHistoryStatement: Statement = {
  name: 'read_history_v1',
  writes: false,
  text: 'select h.seq, h.type, h.at, h.data from perdure.history h where h.run_id = $1 and h.seq > $2 order by h.seq limit $3',
}

export function readHistory(database: Database, runId: RunId, afterSeq: number, limit: number): Promise<readonly EventRecord[]> {
  return database.run<EventRecord>(readHistoryStatement, [runId, afterSeq, limit])
}
