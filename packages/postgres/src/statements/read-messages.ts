/** Unread messages of one execution. Plan: a range of the inbox's primary key. */
import type { InboxMessage, RunId } from '@perdure/engine'
import type { Database, Statement } from '../statement.ts'

export const readMessagesStatement: Statement = {
  name: 'read_messages_v1',
  writes: false,
  text: 'select m.id, m.type, m.data from perdure.inbox m where m.run_id = $1 order by m.id limit $2',
}

interface MessageRow {
  readonly id: number
  readonly type: string
  readonly data: string
}

export async function readMessages(database: Database, runId: RunId, limit: number): Promise<readonly InboxMessage[]> {
  const rows = await database.run<MessageRow>(readMessagesStatement, [runId, limit])
  return rows.map(({ id, type, data }) => ({ id, runId, type, data }))
}
