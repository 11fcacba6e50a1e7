import type { Query } from '../statement.ts'

/** The next queue in which an execution is held. Plan: executions_held, one row. */
export const nextHeldQueue: Query<[namespace: string, after: string], { readonly task_queue: string }, string> = {
  sql: `select task_queue from executions indexed by executions_held
    where waits_for is not null and namespace = ? and task_queue > ?
    order by task_queue limit 1`,
  decode: row => row.task_queue,
}
