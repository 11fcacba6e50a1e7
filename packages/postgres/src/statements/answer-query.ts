/**
 * Stores the reply to a question; the first one counts. Plan: queries_pkey. With `reply_type is null` it read queries_waiting from
 * end to end while the statistics were old.
 */
import type { QueryReply } from '@perdure/engine'
import type { Database, Statement } from '../statement.ts'

export const answerQueryStatement: Statement = {
  name: 'answer_query_v1',
  writes: true,
  text: `
update perdure.queries q set reply_type = $2, reply_result = $3, reply_code = $4, reply_message = $5
where q.id = $1 and coalesce(q.reply_type, '') = ''`,
}

export async function answerQuery(database: Database, id: string, reply: QueryReply): Promise<void> {
  const parts = reply.type === 'answered' ? [reply.result, null, null] : [null, reply.code, reply.message]
  await database.run(answerQueryStatement, [id, reply.type, ...parts])
}
