/** Takes waiting activity tasks: perdure.claim_tasks_v1 (migrations/0003-work.ts). */
import type { ActivityTask, Millis, Serving } from '@perdure/engine'
import type { Database, Statement } from '../statement.ts'
import { activityTask, taskColumns, type TaskRow } from '../task-row.ts'

export const claimTasksStatement: Statement = {
  name: 'claim_tasks_v1',
  text: `select ${taskColumns} from perdure.claim_tasks_v1($1, $2, $3, $4, $5, $6) t`,
  writes: true,
}

export async function claimTasks(database: Database, serving: Serving, now: Millis, limit: number): Promise<readonly ActivityTask[]> {
  const { incarnation, namespace, taskQueues, activityTypes } = serving
  const rows = await database.run<TaskRow>(claimTasksStatement, [incarnation, namespace, taskQueues, activityTypes, now, limit])
  return rows.map(activityTask)
}
