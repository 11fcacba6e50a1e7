/**
 * Posts messages, all in one statement, so that an error means that none was posted. The row of each execution is locked
 * FOR KEY SHARE and checked again once it is. A row that another holds (a close, a release, a claim under way) is not
 * waited for: that would hold up the other messages, and with their locks the closes of their executions. Its messages
 * are busy, and so are those of an execution that closed since the snapshot: the caller sends these again, and then sees
 * the close, or the new run of the workflow id.
 *
 * Plans: executions_pkey, executions_open, executions_closed, one probe each. Whether a row was locked is a hashed subplan, asked in a
 * list of columns: as a join it is a loop (sessions have no other joins), and a thousand messages took 0.7 s in place of 0.1.
 */
import type { InboxPost, PostOutcome, RunId } from '@perdure/engine'
import { textArray } from '../binary-array.ts'
import { searchable } from '../run-key.ts'
import type { Database, Statement } from '../statement.ts'
import { ends, isFree } from '../waking.ts'

export const postStatement: Statement = {
  name: 'post_v3',
  writes: true,
  text: `
with asked as materialized (
  select p.*, case when p.named = '' then null else p.named::uuid end as run_id
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) with ordinality p(namespace, workflow_id, named, type, data, n)
),
found as materialized (
  select a.n, a.namespace, a.type, a.data, coalesce(r.run_id, o.run_id, c.run_id) as run_id,
    coalesce(r.status, o.status, c.status) as status, coalesce(r.task_queue, o.task_queue, c.task_queue) as task_queue
  from asked a
  left join lateral (
    select x.run_id, x.status, x.task_queue from perdure.executions x
    where x.run_id = a.run_id and x.namespace || '' = a.namespace and x.workflow_id = a.workflow_id limit 1) r on true
  left join lateral (
    select x.run_id, x.status, x.task_queue from perdure.executions x
    where a.run_id is null and x.namespace = a.namespace and x.workflow_id = a.workflow_id and x.status = 'RUNNING' limit 1) o on true
  left join lateral (
    select x.run_id, x.status, x.task_queue from perdure.executions x
    where a.run_id is null and o.run_id is null and x.namespace = a.namespace and x.workflow_id = a.workflow_id and x.status <> 'RUNNING'
    order by x.started_at desc, x.run_id desc limit 1) c on true
),
locked as materialized (
  select x.run_id, ${isFree('x')} as is_free, x.first_task_at from perdure.executions x
  where x.run_id = any(array(select f.run_id from found f where f.status = 'RUNNING')) and x.status || '' = 'RUNNING'
  order by x.run_id for key share skip locked
),
numbered as materialized (
  select s.*, case when s.run_id in (select l.run_id from locked l) then nextval('perdure.inbox_ids') end as id,
    s.run_id in (select l.run_id from locked l where l.is_free and l.first_task_at is not null)
      or (s.run_id in (select l.run_id from locked l where l.is_free) and ${ends('s.type')}) as wakes
  from (select f.* from found f order by f.n) s
),
posted as (
  insert into perdure.inbox (id, run_id, namespace, task_queue, wakes, type, data)
  select u.id, u.run_id, u.namespace, u.task_queue, u.wakes, u.type, u.data from numbered u where u.id is not null
)
select u.run_id, u.status, u.id from numbered u order by u.n`,
}

interface PostRow {
  readonly run_id: RunId | null
  readonly status: string | null
  readonly id: number | null
}

export async function post(database: Database, posts: readonly InboxPost[]): Promise<readonly PostOutcome[]> {
  const rows = await database.run<PostRow>(postStatement, parameters(posts))
  return posts.map((_, index) => outcomeOf(rows[index]))
}

function parameters(posts: readonly InboxPost[]) {
  return [
    textArray(posts.map(one => one.namespace)), textArray(posts.map(one => one.workflowId)),
    textArray(posts.map(one => (one.runId === null ? '' : searchable(one.runId)))), textArray(posts.map(one => one.type)),
    textArray(posts.map(one => one.data)),
  ]
}

function outcomeOf(row: PostRow | undefined): PostOutcome {
  if (row === undefined || row.run_id === null) return { type: 'not_found' }
  if (row.id !== null) return { type: 'posted', id: row.id, runId: row.run_id }
  return row.status === 'RUNNING' ? { type: 'busy' } : { type: 'closed', runId: row.run_id }
}
