import type { Change } from '../statement.ts'

/** Plan: primary key. */
export const cancelTask: Change<[executionId: number, command: number]> = {
  sql: 'update activity_tasks set cancel_requested = 1 where execution_id = ? and command = ?',
}
