import type { Change } from '../statement.ts'

/** Changes 0: another attempt, or gone. Plan: primary key. */
export const retryTask: Change<[
  executionId: number, command: number, attempt: number, availableAt: number, deadlineAt: number | null, lastFailure: string | null,
  heartbeatDetails: string | null,
]> = {
  sql: `update activity_tasks set attempt = attempt + 1, worker = null, started_at = null, lost = 0, available_at = ?4, deadline_at = ?5,
      last_failure = ?6, heartbeat_details = coalesce(?7, heartbeat_details)
    where execution_id = ?1 and command = ?2 and attempt = ?3`,
}
