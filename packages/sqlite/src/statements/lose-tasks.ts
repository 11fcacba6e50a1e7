import type { Change } from '../statement.ts'

/** The running tasks of a dead worker: whoever handles the deadline decides. Plan: activity_tasks_running. */
export const loseTasks: Change<[worker: number, now: number]> = {
  sql: 'update activity_tasks set lost = 1, deadline_at = ?2 where worker = ?1',
}
