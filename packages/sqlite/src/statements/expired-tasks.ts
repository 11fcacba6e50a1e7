import type { ActivityTask } from '@perdure/engine'
import type { Query } from '../statement.ts'
import { decodeTask, taskColumns, type TaskRow } from './task-row.ts'

/** Plan: activity_tasks_by_deadline in its order; primary key of executions. */
export const expiredTasks: Query<[namespace: string, now: number, limit: number], TaskRow, ActivityTask> = {
  sql: `select ${taskColumns} from activity_tasks indexed by activity_tasks_by_deadline
    cross join executions on executions.id = activity_tasks.execution_id
    where activity_tasks.namespace = ? and deadline_at <= ? order by deadline_at limit ?`,
  decode: decodeTask,
}
