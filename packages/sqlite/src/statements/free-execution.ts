import type { Change } from '../statement.ts'

/** A dead worker's execution, free again or held as a crash loop. Plan: primary key. */
export const freeExecution: Change<[
  id: number, wakeAt: number | null, takeovers: number, heldCode: string | null, heldCount: number | null, heldBuildId: string | null,
  heldReason: string | null, heldSpent: number | null,
]> = {
  sql: `update executions set owner = null, wake_at = ?2, takeovers = ?3, held_code = ?4, held_count = ?5, held_build_id = ?6,
      held_reason = ?7, held_spent = ?8
    where id = ?1`,
}
