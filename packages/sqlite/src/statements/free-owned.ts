import type { Change } from '../statement.ts'

/** All that a worker owned, when it leaves in good order. Plan: executions_by_owner. */
export const freeOwned: Change<[owner: number, now: number]> = {
  sql: 'update executions set owner = null, wake_at = ?2 where owner = ?1',
}
