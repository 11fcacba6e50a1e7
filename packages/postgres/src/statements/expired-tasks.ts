/** Tasks over their deadline, oldest first. Plan: activity_tasks_deadline, stops at the limit. */
import type { ActivityTask, Millis } from '@perdure/engine'
import type { Database, Statement } from '../statement.ts'
import { activityTask, taskColumns, type TaskRow } from '../task-row.ts'

export const expiredTasksStatement: Statement = {
  name: 'expired_tasks_v1',
  writes: false,
  text: `
select ${taskColumns} from perdure.activity_tasks t
where t.namespace = $1 and t.deadline_at <= $2 order by t.deadline_at limit $3`,
}

export async function expiredTasks(database: Database, namespace: string, now: Millis, limit: number): Promise<readonly ActivityTask[]> {
  return (await database.run<TaskRow>(expiredTasksStatement, [namespace, now, limit])).map(activityTask)
}
