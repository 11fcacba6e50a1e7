import type { Payload, QueryReply } from '@perdure/engine'
import type { Query } from '../statement.ts'

interface Row {
  readonly reply_type: 'answered' | 'failed'
  readonly reply_result: Payload
  readonly reply_code: string
  readonly reply_message: string
}

/** Deletes the query when it has a reply. Plan: primary key. */
export const takeReply: Query<[id: string], Row, QueryReply> = {
  sql: 'delete from queries where id = ? and reply_type is not null returning reply_type, reply_result, reply_code, reply_message',
  decode: row => row.reply_type === 'answered'
    ? { type: 'answered', result: row.reply_result }
    : { type: 'failed', code: row.reply_code, message: row.reply_message },
}
