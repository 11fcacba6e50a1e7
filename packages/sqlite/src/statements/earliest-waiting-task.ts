import type { Query } from '../statement.ts'

/** Plan: activity_tasks_waiting, one row. */
export const earliestWaitingTask: Query<
  [namespace: string, taskQueue: string, activityType: string, priority: number], { readonly available_at: number }, number
> = {
  sql: `select available_at from activity_tasks indexed by activity_tasks_waiting
    where worker is null and namespace = ? and task_queue = ? and activity_type = ? and priority = ? order by available_at limit 1`,
  decode: row => row.available_at,
}
