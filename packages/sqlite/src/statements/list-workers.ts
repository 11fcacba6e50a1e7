import { asIncarnation } from '@perdure/engine'
import type { WorkerRecord } from '@perdure/engine'
import type { Query } from '../statement.ts'

interface Row {
  readonly incarnation: number
  readonly identity: string
  readonly build_id: string
  readonly task_queues: string
  readonly started_at: number
  readonly renewed_at: number
  readonly is_alive: number
}

/** Plan: workers_by_namespace. */
export const listWorkers: Query<[namespace: string], Row, WorkerRecord> = {
  sql: `select incarnation, identity, build_id, task_queues, started_at, renewed_at, is_alive from workers
    where namespace = ? order by incarnation`,
  decode: row => ({
    incarnation: asIncarnation(row.incarnation),
    identity: row.identity,
    buildId: row.build_id,
    taskQueues: JSON.parse(row.task_queues) as string[],
    startedAt: row.started_at,
    renewedAt: row.renewed_at,
    alive: row.is_alive === 1,
  }),
}
