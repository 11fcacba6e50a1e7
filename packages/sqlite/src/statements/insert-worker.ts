import type { Change } from '../statement.ts'

/** Registers an incarnation; its number is the row number, which is never used again. */
export const insertWorker: Change<[namespace: string, identity: string, buildId: string, taskQueues: string, now: number]> = {
  sql: `insert into workers (namespace, identity, build_id, task_queues, started_at, renewed_at, ticked_at, is_alive)
    values (?1, ?2, ?3, ?4, ?5, ?5, ?5, 1)`,
}
