import type { WorkerRecord } from '@perdure/engine'
import type { Query } from '../statement.ts'
import { decodeWorker, workerColumns, type WorkerRow } from './worker-row.ts'

/** Plan: workers_by_namespace. */
export const listWorkers: Query<[namespace: string], WorkerRow, WorkerRecord> = {
  sql: `select ${workerColumns} from workers where namespace = ? order by incarnation`,
  decode: decodeWorker,
}
