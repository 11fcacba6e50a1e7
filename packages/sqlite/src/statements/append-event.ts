import type { Change } from '../statement.ts'

/**
 * Appends an event if the incarnation owns the execution, which implies that it is open: fence and append in one.
 * Changes 0: lost. A number that exists rolls the transaction back ("or rollback" spares a statement journal: a fifth of
 * the time). Plan: primary key of executions; one insert at the end of history, one into history_by_seq.
 */
export const appendEvent: Change<[executionId: number, owner: number, seq: number, at: number, type: string, data: string]> = {
  sql: `insert or rollback into history (execution_id, seq, at, type, data)
    select id, ?3, ?4, ?5, ?6 from executions where id = ?1 and owner = ?2`,
}
