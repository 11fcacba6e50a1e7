import type { Query } from '../statement.ts'

/** A row if any execution of the owner has messages. Plan: executions_by_owner, one row. */
export const findUnreadOfOwner: Query<[owner: number], { readonly id: number }, true> = {
  sql: 'select id from executions where owner = ? and unread > 0 limit 1',
  decode: () => true,
}
