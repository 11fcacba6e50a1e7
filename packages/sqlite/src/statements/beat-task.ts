import type { Change } from '../statement.ts'

/** Changes 0: it no longer runs. Plan: primary key. */
export const beatTask: Change<[
  executionId: number, command: number, attempt: number, details: string | null, deadlineAt: number | null,
]> = {
  sql: `update activity_tasks set heartbeat_details = coalesce(?4, heartbeat_details), deadline_at = ?5
    where execution_id = ?1 and command = ?2 and attempt = ?3 and worker is not null and lost = 0`,
}
