import type { Change } from '../statement.ts'

type Parameters = [
  namespace: string, identity: string, buildId: string, taskQueues: string, workflowTypes: string, activityTypes: string, leaseMs: number,
  now: number,
]

/** Registers an incarnation; its number is the row number, which is never used again. Lists are JSON arrays. */
export const insertWorker: Change<Parameters> = {
  sql: `insert into workers (namespace, identity, build_id, task_queues, workflow_types, activity_types, lease_ms,
      started_at, renewed_at, ticked_at, is_alive)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?8, 1)`,
}
