import type { Change } from '../statement.ts'

/** Changes 0: another attempt, or gone. Plan: primary key. */
export const endTask: Change<[executionId: number, command: number, attempt: number]> = {
  sql: 'delete from activity_tasks where execution_id = ? and command = ? and attempt = ?',
}
