import type { Query } from '../statement.ts'

/** The next in a range of what held executions of a queue wait for. Plan: executions_held, one row. */
export const nextAwaited: Query<
  [namespace: string, taskQueue: string, after: string, until: string], { readonly waits_for: string }, string
> = {
  sql: `select waits_for from executions indexed by executions_held
    where waits_for is not null and namespace = ? and task_queue = ? and waits_for > ? and waits_for < ? order by waits_for limit 1`,
  decode: row => row.waits_for,
}
