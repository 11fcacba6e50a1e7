import type { Query } from '../statement.ts'

/** The next queue in which an execution waits for its time or for a worker. Plan: executions_claimable, one row. */
export const nextClaimableQueue: Query<[namespace: string, after: string], { readonly task_queue: string }, string> = {
  sql: `select task_queue from executions indexed by executions_claimable
    where claim_at is not null and namespace = ? and task_queue > ?
    order by task_queue limit 1`,
  decode: row => row.task_queue,
}
