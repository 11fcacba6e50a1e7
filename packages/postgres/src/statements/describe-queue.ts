/**
 * A task queue as people see it: limits, workers, what waits and what runs, each count up to a limit.
 *
 * Plans: as the tick's, by ranges of executions_claimable, one priority after the other, so that sleeping timers are not read;
 * executions with messages from the inbox; tasks by activity_tasks_waiting and activity_tasks_of_queue. Asked by people, now
 * and then.
 */
import { queueCountMax } from '@perdure/engine'
import type { Millis, QueueDescription } from '@perdure/engine'
import type { Database, Statement } from '../statement.ts'
import { ofNobody } from '../waking.ts'
import { workerRecord, type WorkerRow } from '../worker-row.ts'

const unowned = `x.status = 'RUNNING' and x.owner is null and x.held_code is null and x.namespace = $1 and x.task_queue = $2`

export const describeQueueStatement: Statement = {
  name: 'describe_queue_v1',
  writes: false,
  text: `
with recursive clock as materialized (select perdure.clock_ms() as now),
ladder(priority) as (
  select (select min(x.priority) from perdure.executions x where ${unowned} and x.takeovers < 2)
  union all
  select (select min(x.priority) from perdure.executions x where ${unowned} and x.takeovers < 2 and x.priority > l.priority)
  from ladder l where l.priority is not null
),
due(wake_at) as materialized (
  select d.wake_at from clock c cross join ladder l cross join lateral (
    select x.wake_at from perdure.executions x
    where ${unowned} and x.takeovers < 2 and x.priority = l.priority and x.wake_at <= c.now
    order by x.wake_at limit $3::bigint) d
  union all
  select x.wake_at from clock c cross join perdure.executions x where ${unowned} and x.takeovers >= 2 and x.wake_at <= c.now
),
woken as materialized (
  select distinct m.run_id from clock c cross join perdure.inbox m cross join lateral (
    select 1 from perdure.executions x
    where x.run_id = m.run_id and ${ofNobody} and (x.wake_at is null or x.wake_at > c.now) limit 1) x
  where m.wakes and m.namespace = $1 and m.task_queue = $2
  limit $3::bigint
),
tasks as materialized (
  select t.activity_type, t.available_at from perdure.activity_tasks t
  where t.worker is null and t.namespace = $1 and t.task_queue = $2 limit $3::bigint
),
types as materialized (
  select t.activity_type, count(*) filter (where t.available_at <= c.now) as waiting,
    min(t.available_at) filter (where t.available_at <= c.now) as waiting_since, count(*) filter (where t.available_at > c.now) as delayed
  from clock c cross join tasks t group by t.activity_type
)
select c.now, q.activities_per_second, q.max_concurrent_activities, perdure.queue_used_v1(q, c.now) / 5 as used_per_second,
  least($3::bigint, (select count(*) from due) + (select count(*) from woken)) as executions_waiting,
  (select min(d.wake_at) from due d where d.wake_at > 0) as executions_waiting_since,
  (select count(*) from (
    select 1 from perdure.activity_tasks t
    where t.worker is not null and not t.lost and t.namespace = $1 and t.task_queue = $2 limit $3::bigint) r) as running,
  (select json_agg(json_build_array(t.activity_type, t.waiting, t.waiting_since, t.delayed) order by t.activity_type)
    from types t) as types,
  (select json_agg(w order by w.incarnation) from perdure.workers w
    where w.namespace = $1 and w.alive and w.renewed_at + w.lease_ms >= c.now and $2 = any(w.task_queues)) as workers
from clock c left join perdure.queues q on q.namespace = $1 and q.name = $2`,
}

interface QueueRow {
  readonly now: Millis
  readonly activities_per_second: number | null
  readonly max_concurrent_activities: number | null
  readonly used_per_second: number | null
  readonly executions_waiting: number
  readonly executions_waiting_since: Millis | null
  readonly running: number
  readonly types: readonly (readonly [string, number, Millis | null, number])[] | null
  readonly workers: readonly WorkerRow[] | null
}

export async function describeQueue(database: Database, namespace: string, taskQueue: string): Promise<QueueDescription> {
  const [row] = await database.run<QueueRow>(describeQueueStatement, [namespace, taskQueue, queueCountMax])
  if (row === undefined) throw new Error('describing a queue returned no row')
  const { now, activities_per_second: activitiesPerSecond, max_concurrent_activities: maxConcurrentActivities } = row
  const hasLimits = activitiesPerSecond !== null || maxConcurrentActivities !== null
  const workers = (row.workers ?? []).map(workerRecord)
  const types = (row.types ?? []).map(([activityType, waiting, waitingSince, delayed]) => ({
    activityType, waiting, waitingSince, delayed, served: workers.some(worker => worker.activityTypes.includes(activityType)),
  }))
  const since = types.flatMap(({ waitingSince }) => waitingSince ?? [])
  return {
    namespace, taskQueue, now,
    limits: { activitiesPerSecond, maxConcurrentActivities },
    activitiesPerSecondUsed: hasLimits ? row.used_per_second : null,
    workers,
    executions: { waiting: row.executions_waiting, waitingSince: row.executions_waiting_since },
    activities: {
      waiting: sum(types.map(type => type.waiting)), waitingSince: since.length === 0 ? null : Math.min(...since),
      delayed: sum(types.map(type => type.delayed)), running: row.running, types,
    },
  }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}
