import type { Query } from '../statement.ts'

/** Plan: primary key. */
export const findTaskCancel: Query<[executionId: number, command: number], { readonly cancel_requested: number }, boolean> = {
  sql: 'select cancel_requested from activity_tasks where execution_id = ? and command = ?',
  decode: row => row.cancel_requested === 1,
}
