import type { Change } from '../statement.ts'

/** Null: stays as it is. Plan: primary key. */
export const upsertExecution: Change<[id: number, memo: string | null, searchAttributes: string | null, details: string | null]> = {
  sql: `
    update executions
    set memo = coalesce(?2, memo), search_attributes = coalesce(?3, search_attributes), details = coalesce(?4, details)
    where id = ?1`,
}
