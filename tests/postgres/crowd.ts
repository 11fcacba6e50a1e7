/** Tables with many rows of every kind, for the tests of plans and of locks. */
import type { Incarnation, RunId, Serving } from '@perdure/engine'
import type { Stage } from './stage.ts'

export interface Crowd {
  readonly me: Serving
  /** Another worker, that owns as many. */
  readonly other: Incarnation
  /** Open executions of mine. */
  readonly runs: readonly RunId[]
}

export interface Sizes {
  /** Half of them mine. */
  readonly open: number
  readonly closed: number
  readonly unowned: number
}

/** Rows of every kind in one namespace, made by plain statements, so that nothing of ours planned on the way. */
export async function crowd(stage: Stage, sizes: Sizes): Promise<Crowd> {
  const { admin, arena, store } = stage
  const { namespace, queue } = arena
  const me = await arena.worker()
  const other = await store.registerWorker(arena.registration())
  const owner = `case when n % 2 = 0 then ${me.incarnation} else ${other.incarnation} end`
  const columns = 'run_id, first_run_id, namespace, workflow_id, workflow_type, task_queue, priority, input, started_at'
  const values = (prefix: string) => `r, r, '${namespace}', '${prefix}' || n, 'order', '${queue}', 1 + n % 5, '[]', n`
  const from = (count: number) => `from (select n, gen_random_uuid() as r from generate_series(1, ${count}) n) s`
  await admin.query(`insert into perdure.executions (${columns}, owner, claimed_at, first_task_at)
    select ${values('open-')}, ${owner}, n, n ${from(sizes.open)}`)
  await admin.query(`insert into perdure.executions (${columns}, status, closed_at)
    select ${values('closed-')}, 'COMPLETED', n ${from(sizes.closed)}`)
  await admin.query(`insert into perdure.history (run_id, seq, at, type, data)
    select x.run_id, s, s, 'TimerFired', '{}' from perdure.executions x cross join generate_series(1, 5) s where x.owner is not null
    on conflict do nothing`)
  await admin.query(`insert into perdure.activity_tasks (run_id, command, namespace, workflow_id, workflow_type, task_queue, activity_type,
      activity_id, priority, attempt, scheduled_at, available_at, input, options)
    select x.run_id, 1, x.namespace, x.workflow_id, 'order', '${queue}', 'charge', '1', x.priority, 1, 1, 10000000, '[]', '{}'
    from perdure.executions x where x.owner is not null
    on conflict do nothing`)
  const mine = await admin.query<{ run_id: RunId }>(
    'select run_id from perdure.executions where owner = $1 order by started_at limit 500', [me.incarnation])
  const runs = mine.rows.map(row => row.run_id)
  await admin.query(`insert into perdure.executions (${columns}, wake_at, parent_run_id, parent_command, parent_close_policy, expires_at)
    select ${values('sleeping-')}, 10000000 + n, coalesce(($1::uuid[])[1 + n / 20], gen_random_uuid()), n,
      case when n % 2 = 0 then 'TERMINATE' else 'REQUEST_CANCEL' end, 90000000 + n ${from(sizes.unowned)}`, [runs.slice(440, 442)])
  await admin.query(`insert into perdure.updates (run_id, update_id, stage)
    select x.run_id, 'u' || n, 'rejected' from perdure.executions x cross join generate_series(1, 3) n where x.owner is not null`)
  await special(stage, me, runs)
  await addressed(stage, 'deserted', 4_000)
  await unwoken(stage, me, other.incarnation, sizes.open)
  return { me, other: other.incarnation, runs }
}

/** Executions with an unread message each, that would wake them; where nobody owns them, every other one has not begun. */
export async function addressed({ admin, arena: { namespace } }: Stage, queue: string, count: number, owner?: Incarnation): Promise<void> {
  await admin.query(`with ours as (
      insert into perdure.executions (run_id, first_run_id, namespace, workflow_id, workflow_type, task_queue, priority, input, started_at,
        owner, claimed_at, first_task_at)
      select r, r, $1, 'addressed-' || r, 'order', $2, 3, '[]', n, $4, case when $4::bigint is not null then n end,
        case when $4::bigint is not null or n % 2 = 0 then n end
      from (select n, gen_random_uuid() as r from generate_series(1, $3::int) n) s returning run_id, started_at)
    insert into perdure.inbox (run_id, namespace, task_queue, wakes, type, data)
    select o.run_id, $1, $2, $4 is null, case when o.started_at % 2 = 0 then 'S' else 'WorkflowExecutionCancelRequested' end, '1'
    from ours o`,
  [namespace, queue, count, owner ?? null])
}

/** Many with messages that wake nothing, sent as users send them: of the other worker, and held ones of each kind, none of them due. */
async function unwoken({ admin, arena: { namespace, queue } }: Stage, me: Serving, other: Incarnation, held: number): Promise<void> {
  await admin.query(`insert into perdure.executions (run_id, first_run_id, namespace, workflow_id, workflow_type, task_queue, priority,
      input, started_at, first_task_at, takeovers, wake_at, held_code, held_build_id, held_reason, held_count, held_spent)
    select r, r, $1, 'held-' || n, 'unknown', $2, 1 + n % 5, '[]', n, n, n % 3, case when n % 7 > 0 then 90000000 + n end,
      (array['task_failure', 'nondeterminism', 'crash_loop', 'unknown_workflow_type'])[1 + n % 4], $3, 'x', 1, false
    from (select n, gen_random_uuid() as r from generate_series(1, $4::int) n) s`, [namespace, queue, me.buildId, held])
  await admin.query('insert into perdure.namespaces (name) values ($1)', [namespace])
  await admin.query(`select perdure.signal_workflow(x.workflow_id, 'go', run_id => x.run_id, namespace => x.namespace)
    from perdure.executions x cross join generate_series(1, 2)
    where x.namespace = $1 and x.task_queue = $2 and (x.owner = $3 or x.held_code is not null)`, [namespace, queue, other])
}

/**
 * Of my executions the last fifty have an unread message each, and five of them no owner; five are held; the first fifty have a
 * task in a queue with limits; some have tasks that run; some are asked something. The 440th and 441st have twenty children each; the
 * five after them are children of the five that follow.
 */
async function special({ admin, arena: { namespace } }: Stage, me: Serving, runs: readonly RunId[]): Promise<void> {
  await admin.query(`insert into perdure.queues (namespace, name, max_concurrent_activities, activities_per_second, tokens, counted_at)
    values ($1, 'limited', 10, 1000, 200, perdure.clock_ms())`, [namespace])
  await admin.query(`insert into perdure.activity_tasks (run_id, command, namespace, workflow_id, workflow_type, task_queue, activity_type,
      activity_id, priority, attempt, scheduled_at, available_at, input, options)
    select r, 2, $2, 'x', 'order', 'limited', 'charge', '2', 3, 1, 1, 1, '[]', '{}' from unnest($1::uuid[]) r`,
  [runs.slice(0, 50), namespace])
  await admin.query(`insert into perdure.queries (id, namespace, run_id, task_queue, name, args, expires_at)
    select gen_random_uuid(), $2, r, 'x', 'state', '[]', 90000000 from unnest($1::uuid[]) r`, [runs.slice(50, 53), namespace])
  await admin.query(`insert into perdure.queries (id, namespace, run_id, task_queue, name, args, expires_at)
    select r, $2, r, 'x', 'state', '[]', 90000000 from unnest($1::uuid[]) r`, [runs.slice(53, 56), namespace])
  await admin.query(`insert into perdure.queries (id, namespace, run_id, task_queue, name, args, expires_at, reply_type, reply_result)
    select r, $2, r, 'x', 'state', '[]', 90000000, 'answered', '1' from unnest($1::uuid[]) r`, [runs.slice(56, 60), namespace])
  await admin.query(`update perdure.activity_tasks t set worker = $2, started_at = 1, deadline_at = 90000000
    where t.command = 1 and t.run_id = any($1::uuid[])`, [runs.slice(14, 24), me.incarnation])
  await admin.query(`update perdure.executions x set parent_run_id = p.parent, parent_command = 1, parent_close_policy = 'ABANDON'
    from unnest($1::uuid[], $2::uuid[]) p(run_id, parent) where x.run_id = p.run_id`, [runs.slice(442, 447), runs.slice(447, 452)])
  await admin.query(`update perdure.executions x set task_queue = 'woken', owner = null, held_code = h.code, held_reason = h.code,
      held_build_id = h.code, held_count = case when h.code is not null then 1 end, held_spent = case when h.code is not null then false end
    from unnest($1::uuid[], $2::text[]) h(run_id, code) where x.run_id = h.run_id`,
  [[...runs.slice(-50, -45), ...runs.slice(410, 415)], [null, null, null, null, null, ...Array.from({ length: 5 }, () => 'task_failure')]])
  await admin.query(`insert into perdure.inbox (run_id, namespace, task_queue, type, data)
    select x.run_id, x.namespace, x.task_queue, 'S', '1' from perdure.executions x where x.run_id = any($1::uuid[])`, [runs.slice(-50)])
}
