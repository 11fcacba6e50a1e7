import type { Change } from '../statement.ts'

/** Plan: row number. */
export const startTask: Change<[rowid: number, worker: number, now: number]> = {
  sql: `update activity_tasks set worker = ?2, started_at = ?3,
      deadline_at = min(coalesce(?3 + run_ms, close_by), coalesce(close_by, ?3 + run_ms))
    where rowid = ?1`,
}
