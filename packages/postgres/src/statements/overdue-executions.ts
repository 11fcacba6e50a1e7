/** Plan: executions_expiring in its order. */
import type { ExecutionRecord, Millis } from '@perdure/engine'
import { executionColumns, executionRecord, type ExecutionRow } from '../execution-row.ts'
import type { Database, Statement } from '../statement.ts'

export const overdueStatement: Statement = {
  name: 'overdue_executions_v1',
  writes: false,
  text: `
select ${executionColumns} from perdure.executions x
where x.status = 'RUNNING' and x.namespace = $1 and x.expires_at is not null and x.expires_at <= $2::bigint
order by x.expires_at limit $3`,
}

export async function overdueExecutions(
  database: Database, namespace: string, now: Millis, limit: number,
): Promise<readonly ExecutionRecord[]> {
  return (await database.run<ExecutionRow>(overdueStatement, [namespace, now, limit])).map(executionRecord)
}
