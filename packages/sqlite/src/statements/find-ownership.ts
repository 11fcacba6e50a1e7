import type { Query } from '../statement.ts'

interface Ownership {
  readonly owner: number | null
  readonly unread: number
}

/** What a transition looks at. The owner of a closed execution is null. Plan: primary key. */
export const findOwnership: Query<[id: number], Ownership, Ownership> = {
  sql: 'select owner, unread from executions where id = ?',
  decode: ({ owner, unread }) => ({ owner, unread }),
}
