import type { Query } from '../statement.ts'

interface Ownership {
  readonly owner: number | null
  readonly unread: number
  readonly hasParent: boolean
}
interface Row {
  readonly owner: number | null
  readonly unread: number
  readonly parent_run_id: string | null
}

/** What a transition looks at. The owner of a closed execution is null. Plan: primary key. */
export const findOwnership: Query<[id: number], Row, Ownership> = {
  sql: 'select owner, unread, parent_run_id from executions where id = ?',
  decode: row => ({ owner: row.owner, unread: row.unread, hasParent: row.parent_run_id !== null }),
}
