import type { Change } from '../statement.ts'

/** What few starts have, after their insertion. Plan: primary key. */
export const linkExecution: Change<[
  id: number, firstRunId: string, parentRunId: string | null, parentCommand: number | null, parentClosePolicy: string | null,
  expiresAt: number | null, details: string | null,
]> = {
  sql: `update executions set first_run_id = ?2, parent_run_id = ?3, parent_command = ?4, parent_close_policy = ?5, expires_at = ?6,
      details = ?7
    where id = ?1`,
}
