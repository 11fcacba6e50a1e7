import type { Change } from '../statement.ts'

/** Plan: queries_by_expiry. */
export const deleteExpiredQueries: Change<[expiresBefore: number]> = {
  sql: 'delete from queries where expires_at < ?',
}
