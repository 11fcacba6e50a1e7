import type { Query } from '../statement.ts'

/** The next queue of which a task runs. Plan: activity_tasks_of_queue, one row. */
export const nextRunningTaskQueue: Query<[namespace: string, after: string], { readonly task_queue: string }, string> = {
  sql: `select task_queue from activity_tasks indexed by activity_tasks_of_queue
    where worker is not null and lost = 0 and namespace = ? and task_queue > ?
    order by task_queue limit 1`,
  decode: row => row.task_queue,
}
