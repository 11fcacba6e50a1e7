import type { Change } from '../statement.ts'

/** The first reply counts. Plan: primary key. */
export const answerQuery: Change<[id: string, type: string, result: string | null, code: string | null, message: string | null]> = {
  sql: `update queries set reply_type = ?2, reply_result = ?3, reply_code = ?4, reply_message = ?5 where id = ?1 and reply_type is null`,
}
