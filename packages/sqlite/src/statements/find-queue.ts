import type { QueueState } from '@perdure/engine'
import type { Query } from '../statement.ts'

interface Row {
  readonly activities_per_second: number | null
  readonly max_concurrent_activities: number | null
  readonly tokens: number | null
  readonly used: number
  readonly counted_at: number
}

/** A queue that has limits. Asked with every claim of tasks and every tick. Plan: primary key. */
export const findQueue: Query<[namespace: string, name: string], Row, QueueState> = {
  sql: 'select activities_per_second, max_concurrent_activities, tokens, used, counted_at from queues where namespace = ? and name = ?',
  decode: row => ({
    activitiesPerSecond: row.activities_per_second, maxConcurrentActivities: row.max_concurrent_activities, tokens: row.tokens,
    used: row.used, countedAt: row.counted_at,
  }),
}
