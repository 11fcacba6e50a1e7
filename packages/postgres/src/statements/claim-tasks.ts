/**
 * Takes waiting activity tasks: perdure.claim_tasks_v1 (migrations/0003-work.ts). Where limits left tasks waiting, each row says
 * when to look again; without tasks one row says so alone.
 */
import type { ClaimedTasks, Millis, Serving } from '@perdure/engine'
import type { Database, Statement } from '../statement.ts'
import { activityTask, taskColumns, type TaskRow } from '../task-row.ts'

export const claimTasksStatement: Statement = {
  name: 'claim_tasks_v1',
  text: `select ${taskColumns}, c.retry_at from perdure.claim_tasks_v1($1, $2, $3, $4, $5, $6) c cross join lateral (select (c.task).*) t`,
  writes: true,
}

interface ClaimedTaskRow extends TaskRow {
  readonly retry_at: Millis | null
}

export async function claimTasks(database: Database, serving: Serving, now: Millis, limit: number): Promise<ClaimedTasks> {
  const { incarnation, namespace, taskQueues, activityTypes } = serving
  const rows = await database.run<ClaimedTaskRow>(claimTasksStatement, [incarnation, namespace, taskQueues, activityTypes, now, limit])
  return { tasks: rows.filter(row => row.run_id !== null).map(activityTask), retryAt: rows[0]?.retry_at ?? null }
}
