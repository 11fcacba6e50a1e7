import type { Change } from '../statement.ts'

/** From now on its commits are fenced. Plan: primary key. */
export const buryWorker: Change<[incarnation: number]> = {
  sql: 'update workers set is_alive = 0 where incarnation = ?',
}
