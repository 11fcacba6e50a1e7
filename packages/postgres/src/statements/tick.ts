/**
 * The fused tick: renews the lease and looks at all that is periodic, in one statement.
 *
 * Plans: each part is an index scan that stops at its first row. `ladder` steps from one priority to the next through
 * executions_claimable (and activity_tasks_waiting), because the earliest wake time lies at the head of each priority's
 * range; min(wake_at) over all of them read every sleeping timer. Of the troubled, those that wait for what this worker does not
 * have are stepped over by ranges of executions_troubled (waking.ts). Messages that make an execution claimable are looked for by
 * inbox_waking, one served queue after the other: of a list of queues a plan made for few rows made a filter, which read all
 * others. Messages of own executions are looked for from the executions (bounded by the worker's cache), not from the inbox
 * (unbounded); the limits keep the planner from turning it round.
 */
import type { Incarnation, Look, Millis, Serving } from '@perdure/engine'
import { tickMs } from '@perdure/engine'
import type { Database, Statement } from '../statement.ts'
import { ofNobody, troubled, waitsFor } from '../waking.ts'

const claimable = `x.status = 'RUNNING' and x.owner is null and x.held_code is null and x.takeovers < 2 and x.namespace = $2`

export const tickStatement: Statement = {
  name: 'tick_v1',
  writes: true,
  text: `
with recursive clock as materialized (select perdure.clock_ms() as now),
me as (
  update perdure.workers w set renewed_at = c.now, ticked_at = c.now,
      workflow_types = case when w.workflow_types = $4::text[] then w.workflow_types else $4::text[] end,
      activity_types = case when w.activity_types = $5::text[] then w.activity_types else $5::text[] end
    from clock c where w.incarnation = $1 and w.alive and perdure.is_server_line_v1(w.line) returning c.now
),
limited(queue, is_full, open_at) as materialized (
  select q.name, r.wait_ms is null, case when r.wait_ms > 0 then c.now + r.wait_ms end
  from clock c cross join perdure.queues q cross join lateral perdure.queue_room_v1(q, c.now) r
  where q.namespace = $2 and q.name = any($3::text[])
),
ladder(queue, priority) as (
  select q.name, (select min(x.priority) from perdure.executions x where ${claimable} and x.task_queue = q.name)
  from unnest($3::text[]) q(name)
  union all
  select l.queue, (
    select min(x.priority) from perdure.executions x where ${claimable} and x.task_queue = l.queue and x.priority > l.priority)
  from ladder l where l.priority is not null
),
troubled_ladder(queue, waits_for, priority) as (
  select q.name, w.waits_for, (
    select min(x.priority) from perdure.executions x
    where ${troubled} and x.namespace = $2 and x.task_queue = q.name and ${waitsFor} = w.waits_for)
  from unnest($3::text[]) q(name) cross join unnest(array['', 'time:' || $6]) w(waits_for)
  union all
  select l.queue, l.waits_for, (
    select min(x.priority) from perdure.executions x
    where ${troubled} and x.namespace = $2 and x.task_queue = l.queue and ${waitsFor} = l.waits_for and x.priority > l.priority)
  from troubled_ladder l where l.priority is not null
),
task_ladder(queue, priority) as (
  select q.name, (
    select min(t.priority) from perdure.activity_tasks t where t.worker is null and t.namespace = $2 and t.task_queue = q.name)
  from unnest($3::text[]) q(name)
  union all
  select l.queue, (
    select min(t.priority) from perdure.activity_tasks t
    where t.worker is null and t.namespace = $2 and t.task_queue = l.queue and t.priority > l.priority)
  from task_ladder l where l.priority is not null
),
claims(at) as (
  select d.wake_at from ladder l cross join lateral (
    select x.wake_at from perdure.executions x
    where ${claimable} and x.task_queue = l.queue and x.priority = l.priority and x.wake_at is not null
    order by x.wake_at limit 1) d
  union all
  select d.wake_at from troubled_ladder l cross join lateral (
    select x.wake_at from perdure.executions x
    where ${troubled} and x.namespace = $2 and x.task_queue = l.queue and ${waitsFor} = l.waits_for and x.priority = l.priority
      and x.wake_at is not null
    order by x.wake_at limit 1) d
  union all
  select 0 where exists (
    select 1 from unnest($3::text[]) q(name)
      cross join unnest(array['', 'build:' || $6, 'time:' || $6], array['build:' || $6, 'time:' || $6, 'type:']) r(after, until)
      cross join lateral (
        select 1 from perdure.executions x
        where ${troubled} and x.namespace = $2 and x.task_queue = q.name and ${waitsFor} > r.after and ${waitsFor} < r.until
        limit 1) x)
  union all
  select 0 where exists (
    select 1 from unnest($3::text[]) q(name)
      cross join lateral (
        select 1 from perdure.executions x
        where ${troubled} and x.namespace = $2 and x.task_queue = q.name and ${waitsFor} >= 'type:' limit 1) w
      cross join unnest($4::text[]) t(type)
      cross join lateral (
        select 1 from perdure.executions x
        where ${troubled} and x.namespace = $2 and x.task_queue = q.name and ${waitsFor} = 'type:' || t.type limit 1) x)
  union all
  select 0 where exists (
    select 1 from unnest($3::text[]) q(name) cross join lateral (
      select 1 from perdure.inbox m cross join lateral (
        select 1 from perdure.executions x where x.run_id = m.run_id and ${ofNobody} limit 1) x
      where m.wakes and m.namespace = $2 and m.task_queue = q.name limit 1) m)
)
select c.now, exists (select 1 from me) as alive,
  (select min(a.at) from claims a) as claim_at,
  (select min(greatest(d.available_at, g.open_at)) from task_ladder l left join limited g on g.queue = l.queue cross join lateral (
    select t.available_at from perdure.activity_tasks t
    where t.worker is null and t.namespace = $2 and t.task_queue = l.queue and t.priority = l.priority
      and t.activity_type = any($5::text[])
    order by t.available_at limit 1) d where g.is_full is not true) as task_at,
  (select array_agg(g.queue) from limited g) as limited_queues,
  (select min(t.deadline_at) from perdure.activity_tasks t where t.namespace = $2 and t.deadline_at is not null) as deadline_at,
  (select min(x.expires_at) from perdure.executions x
    where x.status = 'RUNNING' and x.namespace = $2 and x.expires_at is not null) as expires_at,
  exists (
    select 1 from perdure.executions x
      cross join lateral (select 1 from perdure.inbox m where m.run_id = x.run_id limit 1) m
    where x.owner = $1) as inbox,
  exists (
    select 1 from perdure.activity_tasks t
    where t.worker = $1 and t.cancel_requested and coalesce(t.lost, true) = false) as cancel_requests,
  exists (
    select 1 from perdure.queries q
      cross join lateral (select x.owner, x.workflow_type from perdure.executions x where x.run_id = q.run_id limit 1) x
    where q.reply_type is null and q.expires_at > c.now
      and not exists (select 1 from perdure.workers w where w.incarnation = q.claimed_by and w.alive)
      and (x.owner = $1 or (x.owner is null and q.namespace = $2 and q.task_queue = any($3::text[]) and x.workflow_type = any($4::text[])))
  ) as queries,
  (select json_agg(json_build_array(w.incarnation, w.renewed_at)) from perdure.workers w
    where w.alive and w.incarnation <> $1 and w.renewed_at < c.now - $7::bigint) as suspects
from clock c`,
}

interface TickRow {
  readonly now: Millis
  readonly alive: boolean
  readonly claim_at: Millis | null
  readonly task_at: Millis | null
  readonly limited_queues: readonly string[] | null
  readonly deadline_at: Millis | null
  readonly expires_at: Millis | null
  readonly inbox: boolean
  readonly cancel_requests: boolean
  readonly queries: boolean
  readonly suspects: readonly (readonly [Incarnation, Millis])[] | null
}

/** A lease that did not move for so long did not move for a tick. */
const suspectAfterMs = Math.round(1.2 * tickMs)

export async function tick(database: Database, serving: Serving): Promise<Look> {
  const { incarnation, namespace, taskQueues, workflowTypes, activityTypes, buildId } = serving
  const [row] = await database.run<TickRow>(tickStatement, [
    incarnation, namespace, taskQueues, workflowTypes, activityTypes, buildId, suspectAfterMs,
  ])
  if (row === undefined) throw new Error('tick returned no row')
  const { now } = row
  if (!row.alive) {
    return {
      now, alive: false, claimAt: null, taskAt: null, limitedQueues: [], deadlineAt: null, expiresAt: null, inbox: false,
      cancelRequests: false, queries: false, suspects: [],
    }
  }
  return {
    now, alive: true, claimAt: row.claim_at, taskAt: row.task_at, deadlineAt: row.deadline_at, expiresAt: row.expires_at,
    inbox: row.inbox,
    limitedQueues: taskQueues.filter(queue => row.limited_queues?.includes(queue)),
    cancelRequests: row.cancel_requests, queries: row.queries,
    suspects: (row.suspects ?? []).map(([incarnation, renewedAt]) => ({ incarnation, renewedAt })),
  }
}
