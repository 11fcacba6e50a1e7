/**
 * The fenced close from outside: perdure.terminate_v1 waits for the owner's commit in flight at most the lock timeout. A parent or a
 * child whose row another holds makes it StoreBusyError.
 */
import { StoreBusyError, StoreRejectedError } from '@perdure/engine'
import type { ExecutionStatus, RunId, TerminateOutcome, TerminateRequest } from '@perdure/engine'
import { searchable } from '../run-key.ts'
import { nextRow } from '../start-row.ts'
import type { Database, Statement } from '../statement.ts'

export const terminateStatement: Statement = {
  name: 'terminate_v1',
  text: 'select * from perdure.terminate_v1($1, $2, $3, $4, $5, $6, $7, $8)',
  writes: true,
}

interface TerminateRow {
  readonly outcome: TerminateOutcome['type'] | 'busy'
  readonly run: RunId | null
  readonly run_status: ExecutionStatus | null
}

export async function terminate(database: Database, request: TerminateRequest): Promise<TerminateOutcome> {
  const { namespace, workflowId, runId, status = 'TERMINATED', result = null, failure, at, next } = request
  if (next !== undefined && runId === null) throw new StoreRejectedError('A close from outside with a next run names the run')
  const [row] = await database.run<TerminateRow>(terminateStatement, [
    namespace, workflowId, runId === null ? null : searchable(runId), status, result, failure, at,
    next === undefined || runId === null ? null : JSON.stringify([nextRow(runId, next, null)]),
  ])
  if (row === undefined || row.run === null) return { type: 'not_found' }
  if (row.outcome === 'busy') throw new StoreBusyError(`The parent or a child of run ${row.run} is locked: try again`)
  if (row.outcome === 'terminated') return { type: 'terminated', runId: row.run }
  return row.run_status === null ? { type: 'not_found' } : { type: 'closed', runId: row.run, status: row.run_status }
}
