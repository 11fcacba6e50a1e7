/** The workers of a namespace, the dead of the last days included. Plan: workers_listed. */
import type { Incarnation, Millis, WorkerRecord } from '@perdure/engine'
import type { Database, Statement } from '../statement.ts'

export const listWorkersStatement: Statement = {
  name: 'list_workers_v1',
  writes: false,
  text: `
select w.incarnation, w.identity, w.build_id, w.task_queues, w.started_at, w.renewed_at, w.alive
from perdure.workers w where w.namespace = $1 order by w.incarnation`,
}

interface WorkerRow {
  readonly incarnation: Incarnation
  readonly identity: string
  readonly build_id: string
  readonly task_queues: readonly string[]
  readonly started_at: Millis
  readonly renewed_at: Millis
  readonly alive: boolean
}

export async function listWorkers(database: Database, namespace: string): Promise<readonly WorkerRecord[]> {
  const rows = await database.run<WorkerRow>(listWorkersStatement, [namespace])
  return rows.map(row => ({
    incarnation: row.incarnation, identity: row.identity, buildId: row.build_id, taskQueues: row.task_queues, startedAt: row.started_at,
    renewedAt: row.renewed_at, alive: row.alive,
  }))
}
