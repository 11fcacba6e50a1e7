import type { Change } from '../statement.ts'

/** Changes 0: another attempt, gone, or lost. Plan: primary key. */
export const leaveTask: Change<[
  executionId: number, command: number, attempt: number, deadlineAt: number | null, heartbeatDetails: string | null, outside: number,
]> = {
  sql: `update activity_tasks set worker = ?6, deadline_at = ?4, heartbeat_details = coalesce(?5, heartbeat_details)
    where execution_id = ?1 and command = ?2 and attempt = ?3 and worker is not null and lost = 0`,
}
