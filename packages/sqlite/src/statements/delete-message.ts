import type { Change } from '../statement.ts'

/** A consumed message, if it is one of this execution. Plan: primary key. */
export const deleteMessage: Change<[id: number, executionId: number]> = {
  sql: 'delete from inbox where id = ? and execution_id = ?',
}
