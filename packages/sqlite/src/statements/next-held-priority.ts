import type { Query } from '../statement.ts'

/** The next priority among held executions of a queue that wait for the same. Plan: executions_held, one row. */
export const nextHeldPriority: Query<
  [namespace: string, taskQueue: string, waitsFor: string, after: number], { readonly priority: number }, number
> = {
  sql: `select priority from executions indexed by executions_held
    where namespace = ? and task_queue = ? and waits_for = ? and priority > ? order by priority limit 1`,
  decode: row => row.priority,
}
