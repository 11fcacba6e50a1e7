import type { Query } from '../statement.ts'

/** A row if the message is unread and one of this execution. Plan: primary key. */
export const findMessage: Query<[id: number, executionId: number], { readonly id: number }, true> = {
  sql: 'select id from inbox where id = ? and execution_id = ?',
  decode: () => true,
}
