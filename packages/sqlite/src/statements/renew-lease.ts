import type { Change } from '../statement.ts'

/** The lease thread's renewal: the main thread did not move. Changes 0: dead. Plan: primary key. */
export const renewLease: Change<[now: number, incarnation: number]> = {
  sql: 'update workers set renewed_at = max(renewed_at, ?1) where incarnation = ?2 and is_alive = 1',
}
