import type { Change } from '../statement.ts'

/** Plan: primary key. */
export const claimQuery: Change<[id: string, incarnation: number]> = {
  sql: 'update queries set claimed_by = ?2 where id = ?1',
}
