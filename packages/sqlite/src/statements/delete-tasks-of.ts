import type { Change } from '../statement.ts'

/** Plan: primary key, its first column. */
export const deleteTasksOf: Change<[executionId: number]> = {
  sql: 'delete from activity_tasks where execution_id = ?',
}
