import type { Change } from '../statement.ts'

/** Plan: primary key. */
export const claimExecution: Change<[id: number, owner: number, now: number]> = {
  sql: `update executions set owner = ?2, claimed_at = ?3, wake_at = null, first_task_at = coalesce(first_task_at, ?3),
      held_code = null, held_count = null, held_build_id = null, held_reason = null, held_spent = null
    where id = ?1`,
}
