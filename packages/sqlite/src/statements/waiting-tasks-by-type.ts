import type { Query } from '../statement.ts'

interface Row {
  readonly activity_type: string
  readonly waiting: number
  readonly waiting_since: number | null
  readonly delayed: number
}

/** What waits in a queue, up to a limit, by activity type. Plan: activity_tasks_waiting alone (covering), in its order. */
export const waitingTasksByType: Query<[namespace: string, taskQueue: string, now: number, limit: number], Row, {
  readonly activityType: string
  readonly waiting: number
  readonly waitingSince: number | null
  readonly delayed: number
}> = {
  sql: `select activity_type, count(*) filter (where available_at <= ?3) as waiting,
      min(available_at) filter (where available_at <= ?3) as waiting_since, count(*) filter (where available_at > ?3) as delayed
    from (
      select activity_type, available_at from activity_tasks indexed by activity_tasks_waiting
      where worker is null and namespace = ?1 and task_queue = ?2 order by activity_type limit ?4
    ) group by activity_type order by activity_type`,
  decode: row => ({
    activityType: row.activity_type, waiting: row.waiting, waitingSince: row.waiting_since, delayed: row.delayed,
  }),
}
