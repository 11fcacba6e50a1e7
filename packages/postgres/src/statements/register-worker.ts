/** A new incarnation. Also forgets workers that died long ago. Plan: one insert; the deletion reads workers, a small table. */
import type { Incarnation, Millis, WorkerRegistration } from '@perdure/engine'
import { deadWorkersKeptMs } from '../limits.ts'
import type { Database, Statement } from '../statement.ts'

export const registerWorkerStatement: Statement = {
  name: 'register_worker_v1',
  writes: true,
  text: `
with clock as materialized (select perdure.clock_ms() as now),
forgotten as (delete from perdure.workers w using clock c where not w.alive and w.renewed_at < c.now - $6::bigint)
insert into perdure.workers (namespace, identity, build_id, task_queues, workflow_types, activity_types, lease_ms, process_lock,
  started_at, renewed_at, ticked_at)
select $1, $2, $3, $4::text[], $7::text[], $8::text[], $5::bigint, $9::boolean, c.now, c.now, c.now from clock c
returning incarnation, started_at as now`,
}

/** Without a process lock its lease alone tells that it lives. */
export async function registerWorker(
  database: Database, registration: WorkerRegistration, hasProcessLock: boolean,
): Promise<{ readonly incarnation: Incarnation; readonly now: Millis }> {
  const { namespace, identity, buildId, taskQueues, workflowTypes, activityTypes, leaseMs } = registration
  const [row] = await database.run<{ readonly incarnation: Incarnation; readonly now: Millis }>(registerWorkerStatement, [
    namespace, identity, buildId, taskQueues, leaseMs, deadWorkersKeptMs, workflowTypes, activityTypes, hasProcessLock,
  ])
  if (row === undefined) throw new Error('registering a worker returned no row')
  return row
}
