/**
 * Unread messages of the executions of one owner.
 *
 * Plan: executions_owned, then a probe of the inbox's primary key for each: bounded by what a worker holds. From the
 * inbox's side it read everybody's messages; `limit` in the lateral part keeps the planner from turning it round.
 */
import type { Incarnation, InboxMessage, RunId } from '@perdure/engine'
import type { Database, Statement } from '../statement.ts'
import { bigintArray } from '../binary-array.ts'

export const readInboxStatement: Statement = {
  name: 'read_inbox_v1',
  writes: false,
  text: `
select m.id, x.run_id, m.type, m.data
from perdure.executions x
  cross join lateral (
    select m.id, m.type, m.data from perdure.inbox m
    where m.run_id = x.run_id and not m.id = any(coalesce($2::bigint[], '{}'))
    order by m.id limit $3) m
where x.owner = $1
order by m.id limit $3`,
}

interface MessageRow {
  readonly id: number
  readonly run_id: RunId
  readonly type: string
  readonly data: string
}

export async function readInbox(
  database: Database, incarnation: Incarnation, known: readonly number[], limit: number,
): Promise<readonly InboxMessage[]> {
  const rows = await database.run<MessageRow>(readInboxStatement, [incarnation, bigintArray(known), limit])
  return rows.map(({ id, run_id, type, data }) => ({ id, runId: run_id, type, data }))
}
