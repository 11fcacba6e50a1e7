import type { Change } from '../statement.ts'

export const insertQuery: Change<[
  id: string, namespace: string, runId: string, taskQueue: string, name: string, args: string, expiresAt: number,
]> = {
  sql: 'insert into queries (id, namespace, run_id, task_queue, name, args, expires_at) values (?, ?, ?, ?, ?, ?, ?)',
}
