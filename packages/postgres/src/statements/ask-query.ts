/** Stores a question to an execution, for its owner or whoever may replay it. */
import type { QueryAsked } from '@perdure/engine'
import type { Database, Statement } from '../statement.ts'

export const askQueryStatement: Statement = {
  name: 'ask_query_v1',
  writes: true,
  text: `
insert into perdure.queries (id, namespace, run_id, task_queue, name, args, expires_at) values ($1, $2, $3, $4, $5, $6, $7)`,
}

export async function askQuery(database: Database, query: QueryAsked): Promise<void> {
  const { id, namespace, runId, taskQueue, name, args, expiresAt } = query
  await database.run(askQueryStatement, [id, namespace, runId, taskQueue, name, args, expiresAt])
}
