import type { Query } from '../statement.ts'

/** The next queue in which an execution waits for a message. Plan: executions_dormant, one row. */
export const nextDormantQueue: Query<[namespace: string, after: string], { readonly task_queue: string }, string> = {
  sql: `select task_queue from executions indexed by executions_dormant
    where status = 'RUNNING' and owner is null and held_code is null and wake_at is null and namespace = ? and task_queue > ?
    order by task_queue limit 1`,
  decode: row => row.task_queue,
}
