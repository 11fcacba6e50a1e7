import type { Change } from '../statement.ts'

/** Plan: primary key. */
export const putUpdate: Change<[executionId: number, updateId: string, stage: string, result: string | null, failure: string | null]> = {
  sql: `insert into updates (execution_id, update_id, stage, result, failure) values (?1, ?2, ?3, ?4, ?5)
    on conflict do update set stage = ?3, result = ?4, failure = ?5`,
}
