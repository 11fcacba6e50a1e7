/** Makes the in-memory form of an execution from its row. */
import { runInScope } from '../determinism/workflow-context.ts'
import { LiveExecution, type LiveExecutionParts } from '../execution/live-execution.ts'
import { historyEventsSuggested } from '../limits.ts'
import type { ExecutionRecord } from '../protocol/execution-record.ts'
import { decodeArguments, decodePayload } from '../protocol/payload-codec.ts'
import type { WorkflowFunction } from '../registry.ts'

export interface LiveOptions {
  readonly record: ExecutionRecord
  readonly fn: WorkflowFunction
  readonly wallClock: () => number
  readonly onStray: (error: Error) => void
  readonly captureLocations?: boolean
  readonly onPassedOver?: LiveExecutionParts['onPassedOver']
}

export function createLive(options: LiveOptions): LiveExecution {
  const { record } = options
  const startedAt = record.firstTaskAt ?? record.startedAt
  const values = (payload: ExecutionRecord['memo']) => (payload === null ? undefined : (decodePayload(payload) as Record<string, unknown>))
  const memo = values(record.memo)
  const searchAttributes = values(record.searchAttributes) ?? {}
  return new LiveExecution({
    runId: record.runId, workflowType: record.workflowType, fn: options.fn, args: decodeArguments(record.input), startedAt,
    info: () => ({
      workflowId: record.workflowId, runId: record.runId, firstExecutionRunId: record.firstRunId, workflowType: record.workflowType,
      namespace: record.namespace, taskQueue: record.taskQueue, startTime: new Date(record.startedAt), runStartTime: new Date(startedAt),
      searchAttributes, attempt: 1, ...(memo === undefined ? {} : { memo }),
    }),
    historyEventsSuggested, wallClock: options.wallClock, runInScope, onStray: options.onStray,
    captureLocations: options.captureLocations ?? false,
    ...(options.onPassedOver === undefined ? {} : { onPassedOver: options.onPassedOver }),
  })
}
