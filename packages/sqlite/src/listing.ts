import type { ActivityTask, ClosedExecution, EventRecord, ExecutionFilter, ExecutionRecord, ListRequest, RunId } from '@perdure/engine'
import type { Database } from './database.ts'
import { readEvents } from './history.ts'
import { countExecutions as countAll } from './statements/count-executions.ts'
import { countRunsOfWorkflowId } from './statements/count-runs-of-workflow-id.ts'
import { filterParameters } from './statements/execution-filter.ts'
import { decodeExecution } from './statements/execution-row.ts'
import { findClosed } from './statements/find-closed.ts'
import { findExecution } from './statements/find-execution.ts'
import { listExecutions as listAll } from './statements/list-executions.ts'
import { listRunsOfWorkflowId } from './statements/list-runs-of-workflow-id.ts'
import { tasksOf } from './statements/tasks-of.ts'
import { findTarget } from './target.ts'

export function getExecution(
  database: Database, namespace: string, workflowId: string | null, runId: RunId | null,
): ExecutionRecord | undefined {
  const target = findTarget(database, { namespace, workflowId, runId })
  const row = target === undefined ? undefined : database.connection.get(findExecution, target.id)
  return row === undefined ? undefined : decodeExecution(row)
}

export function readHistory({ connection, runs }: Database, runId: RunId, afterSeq: number, limit: number): EventRecord[] {
  const id = runs.idOf(runId)
  return id === undefined ? [] : readEvents(connection, id, afterSeq, limit)
}

export function readTasks({ connection, runs }: Database, runId: RunId): ActivityTask[] {
  const id = runs.idOf(runId)
  return id === undefined ? [] : connection.all(tasksOf, id)
}

export function readClosed({ connection }: Database, runIds: readonly RunId[]): ClosedExecution[] {
  return [...new Set(runIds)].flatMap(runId => connection.get(findClosed, runId) ?? [])
}

export function listExecutions({ connection }: Database, request: ListRequest): ExecutionRecord[] {
  const { after, limit, workflowId } = request
  const filter = filterParameters(request, after)
  return workflowId === undefined
    ? connection.all(listAll, ...filter, limit)
    : connection.all(listRunsOfWorkflowId, ...filter, limit, workflowId)
}

export function countExecutions({ connection }: Database, filter: ExecutionFilter): number {
  const parameters = filterParameters(filter, null)
  const found = filter.workflowId === undefined
    ? connection.get(countAll, ...parameters)
    : connection.get(countRunsOfWorkflowId, ...parameters, filter.workflowId)
  return found ?? 0
}
