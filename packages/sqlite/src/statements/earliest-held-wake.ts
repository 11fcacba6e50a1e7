import type { Query } from '../statement.ts'

/** Plan: executions_held, one row. */
export const earliestHeldWake: Query<
  [namespace: string, taskQueue: string, waitsFor: string, priority: number], { readonly wake_at: number }, number
> = {
  sql: `select wake_at from executions indexed by executions_held
    where namespace = ? and task_queue = ? and waits_for = ? and priority = ? and wake_at is not null order by wake_at limit 1`,
  decode: row => row.wake_at,
}
