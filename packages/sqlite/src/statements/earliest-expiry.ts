import type { Query } from '../statement.ts'

/** Plan: executions_by_expiry, one row. */
export const earliestExpiry: Query<[namespace: string], { readonly at: number | null }, number | null> = {
  sql: `select min(expires_at) as at from executions where namespace = ? and expires_at is not null and status = 'RUNNING'`,
  decode: row => row.at,
}
