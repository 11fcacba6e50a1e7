/** The closed ones of some runs. Plan: executions_pkey. */
import type { ClosedExecution, ExecutionStatus, Payload, RunId } from '@perdure/engine'
import { uuidArray } from '../binary-array.ts'
import type { Database, Statement } from '../statement.ts'

export const readClosedStatement: Statement = {
  name: 'read_closed_v1',
  writes: false,
  text: `
select x.run_id, x.status, x.result, x.failure from perdure.executions x where x.run_id = any($1::uuid[]) and x.status || '' <> 'RUNNING'`,
}

interface ClosedRow {
  readonly run_id: RunId
  readonly status: ExecutionStatus
  readonly result: Payload | null
  readonly failure: Payload | null
}

export async function readClosed(database: Database, runIds: readonly RunId[]): Promise<readonly ClosedExecution[]> {
  if (runIds.length === 0) return []
  const rows = await database.run<ClosedRow>(readClosedStatement, [uuidArray(runIds)])
  return rows.map(({ run_id, status, result, failure }) => ({ runId: run_id, status, result, failure }))
}
