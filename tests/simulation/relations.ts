/** What a run has to do with others, by the rows and histories of the store. */
import type { RunId } from '@perdure/engine'
import { decodeEvent } from '../../packages/engine/src/protocol/event-codec.ts'
import { nextRunOf } from '../../packages/engine/src/protocol/next-run-result.ts'
import { decodeStartDetails } from '../../packages/engine/src/protocol/start-details.ts'
import type { ExecutionRow, MemoryData } from '../../packages/testing/src/memory-store/memory-data.ts'

/** Undefined: there is no such run. */
export function lastOfChain(data: MemoryData, runId: RunId): ExecutionRow | undefined {
  const row = data.executions.get(runId)
  const next = row === undefined ? undefined : nextOf(data, row)
  return next === undefined ? row : lastOfChain(data, next)
}

/** A run that timed out does not say it itself. */
export function nextOf(data: MemoryData, row: ExecutionRow): RunId | undefined {
  if (row.status !== 'TIMED_OUT') return nextRunOf(row)
  return [...data.executions.values()].find(({ details }) => decodeStartDetails(details).continuedFrom === row.runId)?.runId
}

/** The close of its parent terminated it. */
export function isEndedByParent(data: MemoryData, runId: RunId): boolean {
  const row = data.executions.get(runId)
  const parent = row?.parent?.closePolicy === 'TERMINATE' ? data.executions.get(row.parent.runId) : undefined
  return parent !== undefined && parent.status !== 'RUNNING'
}

/** Its parent, or another execution, asked for it. */
export function isCancelledByOther(data: MemoryData, runId: RunId): boolean {
  return data.eventsOf(runId).some((event) => {
    const request = event.type === 'WorkflowExecutionCancelRequested' ? decodeEvent(event.type, event.data) : undefined
    return request?.type === 'WorkflowExecutionCancelRequested' && /^(workflow |perdure$)/.test(request.identity)
  })
}
