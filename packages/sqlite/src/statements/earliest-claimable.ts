import type { Query } from '../statement.ts'

/** Plan: executions_claimable, one row. */
export const earliestClaimable: Query<[namespace: string, taskQueue: string, priority: number], { readonly claim_at: number }, number> = {
  sql: `select claim_at from executions indexed by executions_claimable
    where namespace = ? and task_queue = ? and priority = ? and claim_at is not null order by claim_at limit 1`,
  decode: row => row.claim_at,
}
