/** Events of other executions, and updates, from Temporal's form. Pure. */
import type { LiveExecution } from '../execution/live-execution.ts'
import type { ChildWorkflowExecutionClosed, HistoryEvent, WorkflowExecutionUpdateAccepted } from '../protocol/event.ts'
import type { StoredHeaders } from '../protocol/headers.ts'
import { asRunId, type CommandNumber } from '../protocol/ids.ts'
import { emptyPayload, type Payload } from '../protocol/payload.ts'
import type { HistoryEventRead } from './history-events.ts'
import type { Attributes } from './temporal-event.ts'
import { ownFailure, type TemporalFailure } from './temporal-failure.ts'
import { ownArguments, ownResult, type TemporalPayloads } from './temporal-payload.ts'
import { textOf } from './temporal-values.ts'

export function headersOf({ header }: Attributes): { readonly headers?: StoredHeaders } {
  const { fields } = (header ?? {}) as { readonly fields?: StoredHeaders | null }
  return fields === undefined || fields === null || Object.keys(fields).length === 0 ? {} : { headers: fields }
}

export function updateOf(id: number, { acceptedRequest, protocolInstanceId }: Attributes): WorkflowExecutionUpdateAccepted {
  const { meta, input } = (acceptedRequest ?? {}) as {
    readonly meta?: { readonly updateId?: string; readonly identity?: string }
    readonly input?: Attributes
  }
  const updateName = textOf(input?.['name'])
  return {
    type: 'WorkflowExecutionUpdateAccepted', updateId: meta?.updateId ?? textOf(protocolInstanceId), updateName,
    identity: meta?.identity ?? '', input: ownArguments(input?.['args'] as TemporalPayloads, `update '${updateName}', event ${id}`),
    ...headersOf(input ?? {}),
  }
}

const closed: Readonly<Record<string, ChildWorkflowExecutionClosed['status']>> = {
  ChildWorkflowExecutionCompleted: 'COMPLETED', ChildWorkflowExecutionFailed: 'FAILED', ChildWorkflowExecutionCanceled: 'CANCELLED',
  ChildWorkflowExecutionTimedOut: 'TIMED_OUT', ChildWorkflowExecutionTerminated: 'TERMINATED',
}

/** Of a child, or of another execution that was asked; undefined: nobody waits for it. */
export function relatedEvent(live: LiveExecution, read: HistoryEventRead, command: CommandNumber): HistoryEvent | undefined {
  const { id, type, attributes } = read
  const child = [...live.calls.pendingChildren].find((each) => each.command === command)
  if (child !== undefined) {
    const { workflowType, options: { workflowId = '', taskQueue = '', parentClosePolicy }, initiatedAt, input } = child
    const facts = { command, workflowId, workflowType, taskQueue, parentClosePolicy, initiatedAt, input }
    const { runId = '' } = (attributes['workflowExecution'] ?? {}) as { readonly runId?: string }
    if (type === 'ChildWorkflowExecutionStarted') return { ...facts, type, runId: asRunId(runId) }
    if (type === 'StartChildWorkflowExecutionFailed') return { ...facts, type, cause: 'WORKFLOW_ALREADY_EXISTS' }
    const status = closed[type]
    if (status === undefined) return undefined
    return {
      type: 'ChildWorkflowExecutionClosed', command, workflowId, workflowType, runId: asRunId(runId), status,
      ...endOf(status, attributes, `end of child workflow '${workflowType}', event ${id}`),
    }
  }
  const request = [...live.calls.pendingRequests].find((each) => each.command === command)
  if (request === undefined) return undefined
  const { kind, target: { workflowId }, signalName, input, initiatedAt } = request
  const facts = { command, workflowId, runId: null, initiatedAt }
  switch (type) {
    case 'ExternalWorkflowExecutionSignaled':
    case 'SignalExternalWorkflowExecutionFailed':
      return kind === 'signal' ? { ...facts, type, signalName, input } : undefined
    case 'ExternalWorkflowExecutionCancelRequested':
    case 'RequestCancelExternalWorkflowExecutionFailed':
      return kind === 'cancel' ? { ...facts, type } : undefined
    default:
      return undefined
  }
}

function endOf(
  status: ChildWorkflowExecutionClosed['status'], attributes: Attributes, where: string,
): { readonly result: Payload; readonly failure: Payload } {
  const ended = (failure: TemporalFailure) => ({ result: emptyPayload, failure: ownFailure(failure, where) })
  switch (status) {
    case 'COMPLETED':
      return { result: ownResult(attributes['result'] as TemporalPayloads, where), failure: emptyPayload }
    case 'FAILED':
      return ended((attributes['failure'] ?? {}) as TemporalFailure)
    case 'CANCELLED':
      return ended({ message: 'Workflow execution cancelled', canceledFailureInfo: { details: attributes['details'] ?? { payloads: [] } } })
    case 'TIMED_OUT':
      return ended({ message: 'Child Workflow execution timed out', timeoutFailureInfo: { timeoutType: 'TIMEOUT_TYPE_START_TO_CLOSE' } })
    default:
      return ended({ message: 'Child Workflow execution terminated', terminatedFailureInfo: {} })
  }
}
