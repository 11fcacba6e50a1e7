/** The workers of a namespace, the dead of the last days included. Plan: workers_listed. */
import type { WorkerRecord } from '@perdure/engine'
import type { Database, Statement } from '../statement.ts'
import { workerRecord, type WorkerRow } from '../worker-row.ts'

export const listWorkersStatement: Statement = {
  name: 'list_workers_v1',
  writes: false,
  text: `
select w.incarnation, w.identity, w.build_id, w.task_queues, w.workflow_types, w.activity_types, w.lease_ms, w.started_at, w.renewed_at,
  w.ticked_at, w.process_lock, w.alive
from perdure.workers w where w.namespace = $1 order by w.incarnation`,
}

export async function listWorkers(database: Database, namespace: string): Promise<readonly WorkerRecord[]> {
  return (await database.run<WorkerRow>(listWorkersStatement, [namespace])).map(workerRecord)
}
