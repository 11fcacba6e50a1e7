import type { Query } from '../statement.ts'

/** Tasks of a queue that run, up to a limit. Plan: activity_tasks_of_queue alone (covering). */
export const countRunningTasks: Query<[namespace: string, taskQueue: string, limit: number], { readonly found: number }, number> = {
  sql: `select count(*) as found from (
      select 1 from activity_tasks indexed by activity_tasks_of_queue
      where worker is not null and lost = 0 and namespace = ? and task_queue = ? limit ?
    )`,
  decode: row => row.found,
}
