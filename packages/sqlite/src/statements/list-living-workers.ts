import type { WorkerRecord } from '@perdure/engine'
import type { Query } from '../statement.ts'
import { decodeWorker, workerColumns, type WorkerRow } from './worker-row.ts'

/** Those whose lease holds: where all died, nobody has marked them dead. Plan: workers_by_namespace. */
export const listLivingWorkers: Query<[namespace: string, now: number], WorkerRow, WorkerRecord> = {
  sql: `select ${workerColumns} from workers where namespace = ? and is_alive = 1 and renewed_at + lease_ms >= ? order by incarnation`,
  decode: decodeWorker,
}
