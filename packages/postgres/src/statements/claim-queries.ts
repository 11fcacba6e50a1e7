/**
 * Takes questions that wait and that this worker may answer: of runs it owns, of unowned and closed ones on its queues and
 * of its types. A question claimed by a worker that died waits again. Deletes what expired long ago.
 *
 * Plans: queries_waiting and queries_expired; the table holds what is asked at the moment.
 */
import type { Millis, QueryAsked, RunId, Payload, Serving } from '@perdure/engine'
import type { Database, Statement } from '../statement.ts'

/** Expired questions are kept for so long, so that a late answer is not an error. */
const expiredKeptMs = 60_000

export const claimQueriesStatement: Statement = {
  name: 'claim_queries_v1',
  writes: true,
  text: `
with me as materialized (select 1 from perdure.workers w where w.incarnation = $1 and w.alive for key share),
expired as (delete from perdure.queries q where q.expires_at < $5::bigint - $7::bigint),
mine as materialized (
  select q.id from perdure.queries q
    cross join lateral (select x.owner, x.workflow_type from perdure.executions x where x.run_id = q.run_id limit 1) x
  where exists (select 1 from me) and q.reply_type is null and q.expires_at > $5::bigint
    and not exists (select 1 from perdure.workers w where w.incarnation = q.claimed_by and w.alive)
    and (x.owner = $1 or (x.owner is null and q.namespace = $2 and q.task_queue = any($3::text[]) and x.workflow_type = any($4::text[])))
  order by q.expires_at limit $6 for update of q skip locked
)
update perdure.queries q set claimed_by = $1 from mine m where q.id = m.id
returning q.id, q.namespace, q.run_id, q.task_queue, q.name, q.args, q.expires_at`,
}

interface QueryRow {
  readonly id: string
  readonly namespace: string
  readonly run_id: RunId
  readonly task_queue: string
  readonly name: string
  readonly args: Payload
  readonly expires_at: Millis
}

export async function claimQueries(database: Database, serving: Serving, now: Millis, limit: number): Promise<readonly QueryAsked[]> {
  const { incarnation, namespace, taskQueues, workflowTypes } = serving
  const values = [incarnation, namespace, taskQueues, workflowTypes, now, limit, expiredKeptMs]
  const rows = await database.run<QueryRow>(claimQueriesStatement, values)
  return rows.map(({ id, namespace, run_id, task_queue, name, args, expires_at }) => ({
    id, namespace, runId: run_id, taskQueue: task_queue, name, args, expiresAt: expires_at,
  }))
}
