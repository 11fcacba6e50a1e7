import type { Change } from '../statement.ts'

/** Forgets those that died long ago; run at a registration. Reads the whole table of workers, which this keeps small. */
export const deleteDeadWorkers: Change<[renewedBefore: number]> = {
  sql: 'delete from workers where is_alive = 0 and renewed_at < ?',
}
