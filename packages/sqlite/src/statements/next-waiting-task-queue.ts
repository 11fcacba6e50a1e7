import type { Query } from '../statement.ts'

/** The next queue in which a task waits. Plan: activity_tasks_waiting, one row. */
export const nextWaitingTaskQueue: Query<[namespace: string, after: string], { readonly task_queue: string }, string> = {
  sql: `select task_queue from activity_tasks indexed by activity_tasks_waiting
    where worker is null and namespace = ? and task_queue > ?
    order by task_queue limit 1`,
  decode: row => row.task_queue,
}
