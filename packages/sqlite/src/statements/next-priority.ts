import type { Query } from '../statement.ts'

/** The next priority that has something claimable in a queue: claims go from one to the next. Plan: executions_claimable, one row. */
export const nextPriority: Query<[namespace: string, taskQueue: string, after: number], { readonly priority: number }, number> = {
  sql: `select priority from executions indexed by executions_claimable
    where namespace = ? and task_queue = ? and priority > ? and claim_at is not null order by priority limit 1`,
  decode: row => row.priority,
}
