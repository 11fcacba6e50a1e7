/**
 * Posts messages. The row of each execution is locked FOR KEY SHARE and checked again once it is: a close under way is
 * waited for, and then seen. Whoever was open in the snapshot and is not any more is asked about again (a new run of the
 * same workflow id may have begun).
 *
 * Plans: executions_pkey, executions_open, executions_closed, one probe each.
 */
import type { InboxPost, PostOutcome, RunId } from '@perdure/engine'
import { StoreBusyError } from '@perdure/engine'
import { textArray } from '../binary-array.ts'
import { postTriesMax } from '../limits.ts'
import { type Database, searchable, type Statement } from '../statement.ts'

export const postStatement: Statement = {
  name: 'post_v1',
  writes: true,
  text: `
with asked as materialized (
  select p.*, case when p.named = '' then null else p.named::uuid end as run_id
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) with ordinality p(namespace, workflow_id, named, type, data, n)
),
found as materialized (
  select a.n, coalesce(r.run_id, o.run_id, c.run_id) as run_id, coalesce(r.status, o.status, c.status) as status
  from asked a
  left join lateral (
    select x.run_id, x.status from perdure.executions x
    where x.run_id = a.run_id and x.namespace || '' = a.namespace and x.workflow_id = a.workflow_id limit 1) r on true
  left join lateral (
    select x.run_id, x.status from perdure.executions x
    where a.run_id is null and x.namespace = a.namespace and x.workflow_id = a.workflow_id and x.status = 'RUNNING' limit 1) o on true
  left join lateral (
    select x.run_id, x.status from perdure.executions x
    where a.run_id is null and o.run_id is null and x.namespace = a.namespace and x.workflow_id = a.workflow_id and x.status <> 'RUNNING'
    order by x.started_at desc, x.run_id desc limit 1) c on true
),
locked as materialized (
  select x.run_id from perdure.executions x
  where x.run_id = any(array(select f.run_id from found f where f.status = 'RUNNING')) and x.status || '' = 'RUNNING'
  order by x.run_id for key share
),
numbered as materialized (
  select s.n, s.run_id, nextval('perdure.inbox_ids') as id
  from (select f.n, f.run_id from found f where f.run_id in (select l.run_id from locked l) order by f.n) s
),
posted as (
  insert into perdure.inbox (id, run_id, type, data)
  select u.id, u.run_id, a.type, a.data from numbered u join asked a on a.n = u.n
)
select f.run_id, f.status, u.id from found f left join numbered u on u.n = f.n order by f.n`,
}

interface PostRow {
  readonly run_id: RunId | null
  readonly status: string | null
  readonly id: number | null
}

export async function post(database: Database, posts: readonly InboxPost[]): Promise<readonly PostOutcome[]> {
  const outcomes: PostOutcome[] = []
  let open = posts.map((message, place) => ({ message, place }))
  for (let tries = 0; open.length > 0; tries++) {
    if (tries === postTriesMax) throw new StoreBusyError(`Workflow ${open[0]?.message.workflowId} changed runs at each of ${tries} tries`)
    const rows = await database.run<PostRow>(postStatement, parameters(open.map(({ message }) => message)))
    open = open.filter(({ place }, index) => {
      const outcome = outcomeOf(rows[index])
      if (outcome !== undefined) outcomes[place] = outcome
      return outcome === undefined
    })
    // What was posted already stays posted: the rest is asked about alone.
  }
  return outcomes
}

function parameters(posts: readonly InboxPost[]) {
  return [
    textArray(posts.map(one => one.namespace)), textArray(posts.map(one => one.workflowId)),
    textArray(posts.map(one => (one.runId === null ? '' : searchable(one.runId)))), textArray(posts.map(one => one.type)),
    textArray(posts.map(one => one.data)),
  ]
}

function outcomeOf(row: PostRow | undefined): PostOutcome | undefined {
  if (row === undefined || row.run_id === null) return { type: 'not_found' }
  if (row.id !== null) return { type: 'posted', id: row.id, runId: row.run_id }
  return row.status === 'RUNNING' ? undefined : { type: 'closed', runId: row.run_id }
}

