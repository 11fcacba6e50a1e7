/** Starts, by the policies of their workflow id. */
import { terminatedByStart } from '@perdure/engine'
import type { Incarnation, StartOutcome, StartRecord } from '@perdure/engine'
import { closeAll, insertExecution } from './closing.ts'
import { currentRun, type ExecutionRow, type MemoryData } from './memory-data.ts'

export function startExecution(data: MemoryData, incarnation: Incarnation | null, start: StartRecord): StartOutcome {
  const same = data.executions.get(start.runId)
  if (same !== undefined) return { type: 'exists', runId: same.runId, status: same.status }
  const current = currentRun(data, start)
  if (current !== undefined) {
    const { runId, status } = current
    if (status === 'RUNNING') {
      if (start.conflictPolicy !== 'TERMINATE_EXISTING') return { type: 'exists', runId, status }
      const close = { status: 'TERMINATED', result: null, failure: terminatedByStart, at: start.startedAt, hasChildren: true } as const
      closeAll(data, [{ row: current, close }])
    } else if (!mayReuse(start, current)) {
      return { type: 'exists', runId, status }
    }
  }
  insertExecution(data, start, incarnation)
  return { type: 'started' }
}

function mayReuse(start: StartRecord, closed: ExecutionRow): boolean {
  if (start.reusePolicy === 'ALLOW_DUPLICATE') return true
  if (start.reusePolicy === 'REJECT_DUPLICATE') return false
  return closed.status !== 'COMPLETED' && closed.status !== 'CONTINUED_AS_NEW'
}
