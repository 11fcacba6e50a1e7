import type { Query } from '../statement.ts'

interface Row {
  readonly id: number
  readonly takeovers: number
  readonly run_at: number
}

/** What a dead worker owned, and when each was last being run. Plan: executions_by_owner; history_by_seq, one row each. */
export const listOwned: Query<[owner: number], Row, { readonly id: number; readonly takeovers: number; readonly runAt: number }> = {
  sql: `select id, takeovers, max(
      coalesce(claimed_at, 0), started_at,
      coalesce((select at from history where execution_id = executions.id order by seq desc limit 1), 0)
    ) as run_at
    from executions where owner = ?`,
  decode: row => ({ id: row.id, takeovers: row.takeovers, runAt: row.run_at }),
}
