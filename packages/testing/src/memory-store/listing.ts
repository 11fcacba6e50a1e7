import type { ClosedExecution, EventRecord, ExecutionFilter, ExecutionRecord, ListRequest, RunId } from '@perdure/engine'
import { executionRecord, newestFirst, type ExecutionRow, type MemoryData } from './memory-data.ts'

function matches(row: ExecutionRow, filter: ExecutionFilter): boolean {
  return row.namespace === filter.namespace &&
    (filter.workflowId === undefined || row.workflowId === filter.workflowId) &&
    (filter.workflowIdPrefix === undefined || row.workflowId.startsWith(filter.workflowIdPrefix)) &&
    (filter.workflowType === undefined || row.workflowType === filter.workflowType) &&
    (filter.taskQueue === undefined || row.taskQueue === filter.taskQueue) &&
    (filter.statuses === undefined || filter.statuses.includes(row.status)) &&
    (filter.startedFrom === undefined || row.startedAt >= filter.startedFrom) &&
    (filter.startedBefore === undefined || row.startedAt < filter.startedBefore) &&
    (filter.held === undefined || (row.held !== null) === filter.held)
}

export function listExecutions(data: MemoryData, request: ListRequest): ExecutionRecord[] {
  const { after } = request
  const isAfter = (row: ExecutionRow) => after === null ||
    row.startedAt < after.startedAt || (row.startedAt === after.startedAt && row.runId < after.runId)
  return [...data.executions.values()]
    .filter(row => matches(row, request) && isAfter(row))
    .sort(newestFirst)
    .slice(0, request.limit)
    .map(executionRecord)
}

export function countExecutions(data: MemoryData, filter: ExecutionFilter): number {
  return [...data.executions.values()].filter(row => matches(row, filter)).length
}

export function readHistory(data: MemoryData, runId: RunId, afterSeq: number, limit: number): EventRecord[] {
  return data.eventsOf(runId).filter(event => event.seq > afterSeq).slice(0, limit).map(event => ({ ...event }))
}

export function readClosed(data: MemoryData, runIds: readonly RunId[]): ClosedExecution[] {
  return [...new Set(runIds)].flatMap(runId => {
    const row = data.executions.get(runId)
    if (row === undefined || row.status === 'RUNNING') return []
    return [{ runId, status: row.status, result: row.result, failure: row.failure }]
  })
}
