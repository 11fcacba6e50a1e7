import type { Query } from '../statement.ts'

/** Executions of a queue and priority that may be claimed now, up to a limit. Plan: executions_claimable alone. */
export const countDueExecutions: Query<
  [namespace: string, taskQueue: string, priority: number, now: number, limit: number], { readonly found: number }, number
> = {
  sql: `select count(*) as found from (
      select 1 from executions indexed by executions_claimable
      where namespace = ? and task_queue = ? and priority = ? and claim_at <= ? limit ?
    )`,
  decode: row => row.found,
}
