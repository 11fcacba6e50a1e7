import type { Query } from '../statement.ts'

interface Row {
  readonly id: number
  readonly takeovers: number
  readonly claimed_at: number | null
  readonly started_at: number
}

/** What a dead worker owned, and when each was claimed or started. Plan: executions_by_owner. */
export const listOwned: Query<[owner: number], Row, { readonly id: number; readonly takeovers: number; readonly gotAt: number }> = {
  sql: 'select id, takeovers, claimed_at, started_at from executions where owner = ?',
  decode: row => ({ id: row.id, takeovers: row.takeovers, gotAt: Math.max(row.claimed_at ?? 0, row.started_at) }),
}
