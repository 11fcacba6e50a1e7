/** The activity tasks of a run. Plan: activity_tasks_pkey, a range. */
import type { ActivityTask, RunId } from '@perdure/engine'
import type { Database, Statement } from '../statement.ts'
import { activityTask, taskColumns, type TaskRow } from '../task-row.ts'

export const readTasksStatement: Statement = {
  name: 'read_tasks_v1',
  writes: false,
  text: `select ${taskColumns} from perdure.activity_tasks t where t.run_id = $1 order by t.command`,
}

export async function readTasks(database: Database, runId: RunId): Promise<readonly ActivityTask[]> {
  return (await database.run<TaskRow>(readTasksStatement, [runId])).map(activityTask)
}
