import type { Query } from '../statement.ts'

export interface TaskGroup {
  readonly activityType: string
  readonly priority: number
}

/** The next activity type and priority of which tasks wait in a queue. Plan: activity_tasks_waiting, one row. */
export const nextTaskGroup: Query<
  [namespace: string, taskQueue: string, afterType: string, afterPriority: number],
  { readonly activity_type: string; readonly priority: number }, TaskGroup
> = {
  sql: `select activity_type, priority from activity_tasks indexed by activity_tasks_waiting
    where worker is null and namespace = ?1 and task_queue = ?2 and (activity_type, priority) > (?3, ?4)
    order by activity_type, priority limit 1`,
  decode: row => ({ activityType: row.activity_type, priority: row.priority }),
}
