import type { Change } from '../statement.ts'

/** The tick's renewal: lease and main thread. Changes 0: dead. Plan: primary key. */
export const renewWorker: Change<[now: number, incarnation: number]> = {
  sql: 'update workers set renewed_at = ?1, ticked_at = ?1 where incarnation = ?2 and is_alive = 1',
}
