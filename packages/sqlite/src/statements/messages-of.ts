import type { Query } from '../statement.ts'

interface Row {
  readonly id: number
  readonly type: string
  readonly data: string
}

/** Plan: inbox_by_execution, in its order. */
export const messagesOf: Query<[executionId: number], Row, Row> = {
  sql: 'select id, type, data from inbox where execution_id = ? order by id',
  decode: ({ id, type, data }) => ({ id, type, data }),
}
