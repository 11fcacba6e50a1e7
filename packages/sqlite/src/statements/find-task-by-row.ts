import type { ActivityTask } from '@perdure/engine'
import type { Query } from '../statement.ts'
import { decodeTask, taskColumns, type TaskRow } from './task-row.ts'

/** Plan: row number; primary key of executions. */
export const findTaskByRow: Query<[rowid: number], TaskRow, ActivityTask> = {
  sql: `select ${taskColumns} from activity_tasks join executions on executions.id = activity_tasks.execution_id
    where activity_tasks.rowid = ?`,
  decode: decodeTask,
}
