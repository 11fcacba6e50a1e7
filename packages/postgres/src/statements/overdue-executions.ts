/** One page. Plan: executions_expiring from the place before in its order; those of one millisecond are sorted among themselves. */
import type { ExecutionRecord, Millis, OverduePlace, RunId } from '@perdure/engine'
import { executionColumns, executionRecord, type ExecutionRow } from '../execution-row.ts'
import type { Database, Statement } from '../statement.ts'

export const overdueStatement: Statement = {
  name: 'overdue_executions_v2',
  writes: false,
  text: `
select ${executionColumns} from perdure.executions x
where x.status = 'RUNNING' and x.namespace = $1 and x.expires_at is not null and x.expires_at <= $2::bigint
  and x.expires_at >= $4::bigint and (x.expires_at, x.run_id) > ($4::bigint, $5::uuid)
order by x.expires_at, x.run_id limit $3`,
}

const beforeAll: OverduePlace = { expiresAt: Number.MIN_SAFE_INTEGER, runId: '00000000-0000-0000-0000-000000000000' as RunId }

export async function overdueExecutions(
  database: Database, namespace: string, now: Millis, limit: number, after = beforeAll,
): Promise<readonly ExecutionRecord[]> {
  const rows = await database.run<ExecutionRow>(overdueStatement, [namespace, now, limit, after.expiresAt, after.runId])
  return rows.map(executionRecord)
}
