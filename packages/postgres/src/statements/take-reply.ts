/**
 * The reply to a question, once: whoever deletes the row has it. Finding nothing writes nothing. Plan: queries_pkey.
 */
import type { Payload, QueryReply } from '@perdure/engine'
import type { Database, Statement } from '../statement.ts'

export const takeReplyStatement: Statement = {
  name: 'take_reply_v1',
  writes: true,
  text: `
delete from perdure.queries q where q.id = $1 and q.reply_type is not null
returning q.reply_type, q.reply_result, q.reply_code, q.reply_message`,
}

interface ReplyRow {
  readonly reply_type: QueryReply['type']
  readonly reply_result: Payload | null
  readonly reply_code: string | null
  readonly reply_message: string | null
}

export async function takeReply(database: Database, id: string): Promise<QueryReply | undefined> {
  const [row] = await database.run<ReplyRow>(takeReplyStatement, [id])
  if (row === undefined) return undefined
  if (row.reply_type === 'answered') return { type: 'answered', result: row.reply_result as Payload }
  return { type: 'failed', code: row.reply_code ?? '', message: row.reply_message ?? '' }
}
