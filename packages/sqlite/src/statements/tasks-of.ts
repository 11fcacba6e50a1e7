import type { ActivityTask } from '@perdure/engine'
import type { Query } from '../statement.ts'
import { decodeTask, taskColumns, type TaskRow } from './task-row.ts'

/** Plan: primary key of both. */
export const tasksOf: Query<[executionId: number], TaskRow, ActivityTask> = {
  sql: `select ${taskColumns} from executions join activity_tasks on activity_tasks.execution_id = executions.id
    where executions.id = ? order by command`,
  decode: decodeTask,
}
