/** Starts, by the policies of their workflow id. */
import { terminatedByStart } from '@perdure/engine'
import type { Incarnation, StartOutcome, StartRecord } from '@perdure/engine'
import { endRow } from './closing.ts'
import type { Database } from './database.ts'
import { insertExecution } from './new-execution.ts'
import { findLastRun } from './statements/find-last-run.ts'
import { findOpenRun } from './statements/find-open-run.ts'
import { findRun } from './statements/find-run.ts'

export function startExecution(database: Database, incarnation: Incarnation | null, start: StartRecord): StartOutcome {
  const isFree = start.reusePolicy === 'ALLOW_DUPLICATE' && insertExecution(database, incarnation, start)
  return isFree ? { type: 'started' } : startAmongOthers(database, incarnation, start)
}

function startAmongOthers(database: Database, incarnation: Incarnation | null, start: StartRecord): StartOutcome {
  const { connection } = database
  const same = connection.get(findRun, start.runId)
  if (same !== undefined) return { type: 'exists', runId: start.runId, status: same.status }
  const open = connection.get(findOpenRun, start.namespace, start.workflowId)
  if (open !== undefined) {
    if (start.conflictPolicy !== 'TERMINATE_EXISTING') return { type: 'exists', runId: open.runId, status: 'RUNNING' }
    endRow(database, open.id, { status: 'TERMINATED', result: null, failure: terminatedByStart, at: start.startedAt })
  } else if (start.reusePolicy !== 'ALLOW_DUPLICATE') {
    const last = connection.get(findLastRun, start.namespace, start.workflowId)
    const isSuccess = last?.status === 'COMPLETED' || last?.status === 'CONTINUED_AS_NEW'
    if (last !== undefined && (isSuccess || start.reusePolicy === 'REJECT_DUPLICATE')) {
      return { type: 'exists', runId: last.runId, status: last.status }
    }
  }
  insertExecution(database, incarnation, start)
  return { type: 'started' }
}
