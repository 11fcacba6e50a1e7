import type { Query } from '../statement.ts'

/**
 * The earliest wake time among executions of a queue and priority that may be claimed now; a wake time of 0 says at once, not when.
 * Plan: executions_claimable, its first row that no message woke, and all that one did, up to a limit.
 */
export const earliestDueWake: Query<
  [namespace: string, taskQueue: string, priority: number, now: number, limit: number], { readonly at: number | null }, number | null
> = {
  sql: `select min(at) as at from (
      select * from (
        select claim_at as at from executions indexed by executions_claimable
        where namespace = ?1 and task_queue = ?2 and priority = ?3 and claim_at > 0 and claim_at <= ?4 order by claim_at limit 1)
      union all
      select * from (
        select wake_at from executions indexed by executions_claimable
        where namespace = ?1 and task_queue = ?2 and priority = ?3 and claim_at = 0 limit ?5) where wake_at > 0 and wake_at <= ?4
    )`,
  decode: row => row.at,
}
