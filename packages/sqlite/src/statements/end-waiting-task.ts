import type { Change } from '../statement.ts'

/** Changes 0: another attempt, gone, or somebody runs it. Plan: primary key. */
export const endWaitingTask: Change<[executionId: number, command: number, attempt: number]> = {
  sql: 'delete from activity_tasks where execution_id = ? and command = ? and attempt = ? and worker is null',
}
