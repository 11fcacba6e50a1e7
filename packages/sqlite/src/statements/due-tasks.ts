import type { Query } from '../statement.ts'

export interface DueTask {
  readonly rowid: number
  readonly taskQueue: string
  readonly priority: number
  readonly availableAt: number
}

/** Waiting tasks of one queue, type and priority. Plan: activity_tasks_waiting in its order. */
export const dueTasks: Query<
  [namespace: string, taskQueue: string, activityType: string, priority: number, now: number, limit: number],
  { readonly rowid: number; readonly task_queue: string; readonly priority: number; readonly available_at: number }, DueTask
> = {
  sql: `select rowid, task_queue, priority, available_at from activity_tasks indexed by activity_tasks_waiting
    where worker is null and namespace = ? and task_queue = ? and activity_type = ? and priority = ? and available_at <= ?
    order by available_at limit ?`,
  decode: row => ({ rowid: row.rowid, taskQueue: row.task_queue, priority: row.priority, availableAt: row.available_at }),
}
