/** The fenced close from outside: perdure.terminate_v1 waits for the owner's commit in flight at most the lock timeout. */
import type { ExecutionStatus, RunId, TerminateOutcome, TerminateRequest } from '@perdure/engine'
import { searchable } from '../run-key.ts'
import type { Database, Statement } from '../statement.ts'

export const terminateStatement: Statement = {
  name: 'terminate_v1',
  text: 'select * from perdure.terminate_v1($1, $2, $3, $4, $5)',
  writes: true,
}

interface TerminateRow {
  readonly outcome: TerminateOutcome['type']
  readonly run: RunId | null
  readonly run_status: ExecutionStatus | null
}

export async function terminate(database: Database, request: TerminateRequest): Promise<TerminateOutcome> {
  const { namespace, workflowId, runId, failure, at } = request
  const [row] = await database.run<TerminateRow>(terminateStatement, [
    namespace, workflowId, runId === null ? null : searchable(runId), failure, at,
  ])
  if (row === undefined || row.run === null) return { type: 'not_found' }
  if (row.outcome === 'terminated') return { type: 'terminated', runId: row.run }
  return row.run_status === null ? { type: 'not_found' } : { type: 'closed', runId: row.run, status: row.run_status }
}
