import type { Change } from '../statement.ts'

/** An event of a transition that has closed the execution, and so no longer has an owner to check. */
export const appendLastEvent: Change<[executionId: number, seq: number, at: number, type: string, data: string]> = {
  sql: 'insert or rollback into history (execution_id, seq, at, type, data) values (?, ?, ?, ?, ?)',
}
