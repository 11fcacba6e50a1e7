import type { Change } from '../statement.ts'

/** Plan: inbox_by_execution. */
export const deleteMessagesOf: Change<[executionId: number]> = {
  sql: 'delete from inbox where execution_id = ?',
}
