import type { Change } from '../statement.ts'

/** A trigger counts it in the execution's `unread`, which makes it claimable or shows it to its owner. */
export const insertMessage: Change<[executionId: number, type: string, data: string]> = {
  sql: 'insert into inbox (execution_id, type, data) values (?, ?, ?)',
}
