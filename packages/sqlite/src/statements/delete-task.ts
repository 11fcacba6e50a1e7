import type { Change } from '../statement.ts'

/** A task whose command was cancelled, whatever its attempt. Plan: primary key. */
export const deleteTask: Change<[executionId: number, command: number]> = {
  sql: 'delete from activity_tasks where execution_id = ? and command = ?',
}
