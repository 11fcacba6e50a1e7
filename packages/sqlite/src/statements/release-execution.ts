import type { Change } from '../statement.ts'

/** Changes 0: a message is unread, the execution is kept; messages wake nothing held, so that is released. Plan: primary key. */
export const releaseExecution: Change<[
  id: number, wakeAt: number | null, heldCode: string | null, heldCount: number | null, heldBuildId: string | null,
  heldReason: string | null, heldSpent: number | null, unbegun: number,
]> = {
  sql: `update executions set owner = null, wake_at = ?2, held_code = ?3, held_count = ?4, held_build_id = ?5, held_reason = ?6,
      held_spent = ?7, first_task_at = iif(?8, null, first_task_at)
    where id = ?1 and (unread = 0 or ?3 is not null)`,
}
