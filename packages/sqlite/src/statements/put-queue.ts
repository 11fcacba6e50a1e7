import type { Change } from '../statement.ts'

type Parameters = [
  namespace: string, name: string, activitiesPerSecond: number | null, maxConcurrentActivities: number | null, tokens: number | null,
  used: number, countedAt: number,
]

/** Plan: primary key. */
export const putQueue: Change<Parameters> = {
  sql: `insert or replace into queues
      (namespace, name, activities_per_second, max_concurrent_activities, tokens, used, counted_at)
    values (?, ?, ?, ?, ?, ?, ?)`,
}
