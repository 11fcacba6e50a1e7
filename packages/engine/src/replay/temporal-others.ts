/** What executions do to one another, and updates, as attributes of Temporal's events. Pure. */
import type { ValueConverter } from '../conversion/value-converter.ts'
import type { Outcome } from '../execution/command.ts'
import type { ExternalRequest, PendingChild } from '../execution/pending-commands.ts'
import type {
  ChildWorkflowExecutionClosed, ExternalEnd, WorkflowExecutionUpdateAccepted, WorkflowExecutionUpdateCompleted,
} from '../protocol/event.ts'
import { encodeHeaders, type StoredHeaders } from '../protocol/headers.ts'
import { decodePayload } from '../protocol/payload-codec.ts'
import { emptyPayload } from '../protocol/payload.ts'
import { type Attributes, durationText, given } from './temporal-event.ts'
import { temporalFailure } from './temporal-failure.ts'
import { temporalArguments, temporalMap, temporalPayloads, temporalValue } from './temporal-payload.ts'

export function headerOf(headers: StoredHeaders | undefined): Attributes {
  return { fields: headers ?? {} }
}

export function childInitiated(
  { workflowType, options, input }: PendingChild,
  { parentQueue, namespace, values }: { readonly parentQueue: string; readonly namespace: string; readonly values: ValueConverter },
): Attributes {
  const { workflowId, taskQueue = parentQueue, parentClosePolicy, workflowIdReusePolicy, memo, headers } = options
  return given({
    namespace, workflowId, workflowType: { name: workflowType }, taskQueue: { name: taskQueue, kind: 'TASK_QUEUE_KIND_NORMAL' },
    input: temporalArguments(input), parentClosePolicy: `PARENT_CLOSE_POLICY_${parentClosePolicy}`,
    header: headerOf(encodeHeaders(headers)),
    workflowExecutionTimeout: durationText(options.executionTimeoutMs ?? 0), workflowRunTimeout: durationText(options.runTimeoutMs ?? 0),
    workflowTaskTimeout: durationText(options.taskTimeoutMs ?? 10_000),
    workflowIdReusePolicy: workflowIdReusePolicy === undefined ? undefined : `WORKFLOW_ID_REUSE_POLICY_${workflowIdReusePolicy}`,
    memo: memo === undefined ? undefined : { fields: temporalMap(values.encodeFields(memo, `memo of child '${workflowType}'`)) ?? {} },
  })
}

const childEnds: Readonly<Record<string, string>> = {
  COMPLETED: 'Completed', FAILED: 'Failed', CANCELLED: 'Canceled', TIMED_OUT: 'TimedOut', TERMINATED: 'Terminated',
}

export function childClosedType({ status }: ChildWorkflowExecutionClosed): string {
  return `ChildWorkflowExecution${childEnds[status] ?? 'Terminated'}`
}

export function childClosedAttributes({ status, result, failure }: ChildWorkflowExecutionClosed): Attributes {
  switch (status) {
    case 'COMPLETED':
      return { result: temporalPayloads(result) }
    case 'FAILED':
      return {
        ...(failure === emptyPayload ? {} : { failure: temporalFailure(failure) }), retryState: 'RETRY_STATE_RETRY_POLICY_NOT_SET',
      }
    case 'CANCELLED': {
      const { details = [] } = (failure === emptyPayload ? {} : decodePayload(failure)) as { readonly details?: readonly unknown[] }
      return { details: { payloads: details.map(temporalValue) } }
    }
    case 'TIMED_OUT':
      return { retryState: 'RETRY_STATE_TIMEOUT' }
    default:
      return {}
  }
}

export function externalInitiated({ kind, target, signalName, input, headers }: ExternalRequest, namespace: string): Attributes {
  const common = {
    namespace, workflowExecution: given({ workflowId: target.workflowId, runId: target.runId }),
    childWorkflowOnly: target.child !== undefined || target.firstRunId !== undefined,
  }
  if (kind === 'cancel') return common
  return { ...common, signalName, input: temporalArguments(input), header: headerOf(encodeHeaders(headers)) }
}

export function externalEndAttributes(event: ExternalEnd, namespace: string): Attributes {
  const common = { namespace, workflowExecution: given({ workflowId: event.workflowId, runId: event.runId ?? undefined }) }
  switch (event.type) {
    case 'ExternalWorkflowExecutionSignaled':
    case 'ExternalWorkflowExecutionCancelRequested':
      return common
    case 'SignalExternalWorkflowExecutionFailed':
      return { ...common, cause: 'SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED_CAUSE_EXTERNAL_WORKFLOW_EXECUTION_NOT_FOUND' }
    case 'RequestCancelExternalWorkflowExecutionFailed':
      return { ...common, cause: 'CANCEL_EXTERNAL_WORKFLOW_EXECUTION_FAILED_CAUSE_EXTERNAL_WORKFLOW_EXECUTION_NOT_FOUND' }
  }
}

/** @param sequencingEventId an event before the workflow task that accepted it, and after the task before */
export function updateAccepted(event: Omit<WorkflowExecutionUpdateAccepted, 'type' | 'joined'>, sequencingEventId: string): Attributes {
  const { updateId, updateName, identity, input, headers } = event
  return {
    protocolInstanceId: updateId, acceptedRequestMessageId: `${updateId}/request`, acceptedRequestSequencingEventId: sequencingEventId,
    acceptedRequest: {
      meta: { updateId, identity }, input: { header: headerOf(headers), name: updateName, args: temporalArguments(input) },
    },
  }
}

type Completion = Pick<WorkflowExecutionUpdateCompleted, 'updateId' | 'result' | 'failure'>

export function updateCompleted({ updateId, result, failure }: Completion): Attributes {
  const outcome = failure === null ? { success: temporalPayloads(result ?? emptyPayload) } : { failure: temporalFailure(failure) }
  return { meta: { updateId }, outcome }
}

export function continuedAsNew({ request, given: { input } }: Extract<Outcome, { type: 'continuedAsNew' }>, queue: string): Attributes {
  const { workflowType, options } = request
  return {
    workflowType: { name: workflowType }, taskQueue: { name: options.taskQueue ?? queue, kind: 'TASK_QUEUE_KIND_NORMAL' },
    input: temporalArguments(input), initiator: 'CONTINUE_AS_NEW_INITIATOR_WORKFLOW', header: headerOf(encodeHeaders(options.headers)),
  }
}
