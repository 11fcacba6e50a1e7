import type { Change } from '../statement.ts'

/** Its messages are gone already (a CHECK requires it). Plan: primary key. */
export const closeExecution: Change<[id: number, status: string, result: string | null, failure: string | null, at: number]> = {
  sql: `update executions set status = ?2, result = ?3, failure = ?4, closed_at = ?5, owner = null, wake_at = null,
      held_code = null, held_count = null, held_build_id = null, held_reason = null, held_spent = null
    where id = ?1`,
}
