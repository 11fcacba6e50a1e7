/** Events about other executions and messages, as people see them: Temporal's names and attributes. */
import type { ChildEvent, ExternalEnd, HistoryEvent } from '../protocol/event.ts'
import type { ClosedStatus } from '../protocol/execution-record.ts'
import type { Millis } from '../protocol/ids.ts'
import { readableArguments, readablePayload } from './readable-payload.ts'

export interface ShownEvent {
  readonly eventType: string
  readonly attributes: Readonly<Record<string, unknown>>
}

/** What replay implies: the request stands where the code made it. */
export interface Initiated extends ShownEvent {
  readonly command: number
  readonly at: Millis
}

/** Undefined: the event has no request of its own (the end of a child refers to that of its start). */
export function initiated(event: ChildEvent | ExternalEnd): Initiated | undefined {
  switch (event.type) {
    case 'ChildWorkflowExecutionStarted':
    case 'StartChildWorkflowExecutionFailed': {
      const { command, initiatedAt, workflowId, workflowType, taskQueue, parentClosePolicy } = event
      const attributes = { workflowId, workflowType, taskQueue, parentClosePolicy, input: readableArguments(event.input) }
      return { command, at: initiatedAt, eventType: 'StartChildWorkflowExecutionInitiated', attributes }
    }
    case 'ExternalWorkflowExecutionSignaled':
    case 'SignalExternalWorkflowExecutionFailed': {
      const { command, initiatedAt, workflowId, runId, signalName } = event
      const attributes = { workflowId, runId: runId ?? undefined, signalName, input: readableArguments(event.input) }
      return { command, at: initiatedAt, eventType: 'SignalExternalWorkflowExecutionInitiated', attributes }
    }
    case 'ExternalWorkflowExecutionCancelRequested':
    case 'RequestCancelExternalWorkflowExecutionFailed': {
      const { command, initiatedAt, workflowId, runId } = event
      const attributes = { workflowId, runId: runId ?? undefined }
      return { command, at: initiatedAt, eventType: 'RequestCancelExternalWorkflowExecutionInitiated', attributes }
    }
    default:
      return undefined
  }
}

type Related = ChildEvent | ExternalEnd | Extract<
  HistoryEvent, { type: 'PatchMarked' | 'WorkflowExecutionUpdateAccepted' | 'WorkflowExecutionUpdateCompleted' }
>

/** @param initiatedEventId of a command, if it is shown */
export function shown(event: Related, initiatedEventId: (command: number) => number | undefined): ShownEvent {
  switch (event.type) {
    case 'PatchMarked':
      return { eventType: 'MarkerRecorded', attributes: { markerName: 'patch', patchId: event.patchId, deprecated: event.deprecated } }
    case 'WorkflowExecutionUpdateAccepted': {
      const { updateId, updateName, identity, input } = event
      return { eventType: event.type, attributes: { updateId, updateName, identity, input: readableArguments(input) } }
    }
    case 'WorkflowExecutionUpdateCompleted': {
      const { updateId, result, failure } = event
      const outcome = failure === null ? { result: readablePayload(result) } : { failure: readablePayload(failure) }
      return { eventType: event.type, attributes: { updateId, ...outcome } }
    }
    case 'ChildWorkflowExecutionClosed': {
      const { command, workflowId, runId, workflowType, status, result, failure } = event
      const outcome = status === 'COMPLETED' ? { result: readablePayload(result) }
        : { failure: readablePayload(failure === '' ? null : failure) }
      return {
        eventType: childCloseTypes[status],
        attributes: { initiatedEventId: initiatedEventId(command), workflowId, runId, workflowType, ...outcome },
      }
    }
    case 'ChildWorkflowExecutionStarted': {
      const { command, workflowId, runId, workflowType } = event
      return { eventType: event.type, attributes: { initiatedEventId: initiatedEventId(command), workflowId, runId, workflowType } }
    }
    case 'StartChildWorkflowExecutionFailed': {
      const { command, workflowId, workflowType, cause } = event
      return { eventType: event.type, attributes: { initiatedEventId: initiatedEventId(command), workflowId, workflowType, cause } }
    }
    default: {
      const { command, workflowId, runId, type } = event
      return { eventType: type, attributes: { initiatedEventId: initiatedEventId(command), workflowId, runId: runId ?? undefined } }
    }
  }
}

const childCloseTypes: Readonly<Record<ClosedStatus, string>> = {
  COMPLETED: 'ChildWorkflowExecutionCompleted', FAILED: 'ChildWorkflowExecutionFailed', CANCELLED: 'ChildWorkflowExecutionCanceled',
  TERMINATED: 'ChildWorkflowExecutionTerminated', TIMED_OUT: 'ChildWorkflowExecutionTimedOut',
  CONTINUED_AS_NEW: 'ChildWorkflowExecutionContinuedAsNew',
}
