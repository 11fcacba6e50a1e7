/**
 * Events as stored text: the first line is a JSON object of attributes, each further line one payload as it is.
 * Payloads have no raw line breaks, so nothing is escaped or parsed twice; what equals a default is left out.
 */
import { type ActivityEnd, type ActivityFacts, type EventType, eventTypeOf, type HistoryEvent, type InboxRequest } from './event.ts'
import { emptyPayload, type Payload } from './payload.ts'
import { PerdureError } from '../error.ts'

export function encodeEvent(event: HistoryEvent | InboxRequest): string {
  switch (event.type) {
    case 'WorkflowTaskStarted':
    case 'WorkflowExecutionCancelRequested':
    case 'WorkflowExecutionTerminateRequested':
    case 'TimerFired':
    case 'PatchMarked':
    case 'ExternalWorkflowExecutionCancelRequested':
    case 'RequestCancelExternalWorkflowExecutionFailed': {
      const { type: _type, ...attributes } = event
      return lines(attributes)
    }
    case 'WorkflowExecutionSignaled':
    case 'WorkflowExecutionUpdateAccepted':
    case 'WorkflowExecutionUpdateRequested':
    case 'ChildWorkflowExecutionStarted':
    case 'StartChildWorkflowExecutionFailed':
    case 'ExternalWorkflowExecutionSignaled':
    case 'SignalExternalWorkflowExecutionFailed': {
      const { type: _type, input, ...attributes } = event
      return lines(attributes, input)
    }
    case 'ActivityTaskCompleted':
      return lines(activityAttributes(event), event.options, event.input, event.result)
    case 'ActivityTaskFailed':
    case 'ActivityTaskTimedOut':
      return lines({ ...activityAttributes(event), retryState: event.retryState }, event.options, event.input, event.failure)
    case 'ActivityTaskCanceled':
      return lines(activityAttributes(event), event.options, event.input, event.failure)
    case 'WorkflowExecutionUpdateCompleted': {
      const { updateId, result, failure } = event
      return failure === null ? lines({ updateId }, result ?? emptyPayload) : lines({ updateId, failed: true }, failure)
    }
    case 'ChildWorkflowExecutionClosed': {
      const { type: _type, result, failure, ...attributes } = event
      return lines(attributes, result, failure)
    }
    default:
      return event satisfies never
  }
}

/** Throws HISTORY_UNREADABLE when the text is not one that encodeEvent makes. */
export function decodeEvent(type: string, data: string): HistoryEvent {
  const event = decodeMessage(type, data)
  if (event.type !== 'WorkflowExecutionUpdateRequested' && event.type !== 'WorkflowExecutionTerminateRequested') return event
  return unreadable(type, 'it is a request, which stands in inboxes only')
}

/** What stands in an inbox. Throws HISTORY_UNREADABLE. */
export function decodeMessage(messageType: string, data: string): HistoryEvent | InboxRequest {
  const type = eventTypeOf(messageType)
  const [first, ...payloads] = data.split('\n') as [string, ...Payload[]]
  const attributes = parseAttributes(type, first)
  const payload = (index: number): Payload => payloads[index] ?? unreadable(type, `payload ${index} is missing`)
  switch (type as EventType) {
    case 'WorkflowTaskStarted':
    case 'WorkflowExecutionCancelRequested':
    case 'WorkflowExecutionTerminateRequested':
    case 'TimerFired':
    case 'PatchMarked':
    case 'ExternalWorkflowExecutionCancelRequested':
    case 'RequestCancelExternalWorkflowExecutionFailed':
      return { ...attributes, type } as unknown as HistoryEvent
    case 'WorkflowExecutionSignaled':
    case 'WorkflowExecutionUpdateAccepted':
    case 'WorkflowExecutionUpdateRequested':
    case 'ChildWorkflowExecutionStarted':
    case 'StartChildWorkflowExecutionFailed':
    case 'ExternalWorkflowExecutionSignaled':
    case 'SignalExternalWorkflowExecutionFailed':
      return { ...attributes, type, input: payload(0) } as unknown as HistoryEvent
    case 'ActivityTaskCompleted':
      return { ...activityFacts(attributes, payload(0), payload(1)), type: 'ActivityTaskCompleted', result: payload(2) }
    case 'ActivityTaskFailed':
    case 'ActivityTaskTimedOut':
      return {
        ...activityFacts(attributes, payload(0), payload(1)),
        type: type as 'ActivityTaskFailed' | 'ActivityTaskTimedOut',
        failure: payload(2),
        retryState: String(attributes['retryState']),
      }
    case 'ActivityTaskCanceled':
      return { ...activityFacts(attributes, payload(0), payload(1)), type: 'ActivityTaskCanceled', failure: payload(2) }
    case 'WorkflowExecutionUpdateCompleted': {
      const { updateId, failed } = attributes as { updateId: string; failed?: true }
      const [result, failure] = failed === true ? [null, payload(0)] : [payload(0), null]
      return { type: 'WorkflowExecutionUpdateCompleted', updateId, result, failure }
    }
    case 'ChildWorkflowExecutionClosed':
      return { ...attributes, type, result: payload(0), failure: payload(1) } as unknown as HistoryEvent
    default:
      return unreadable(type, 'this version knows no such event type')
  }
}

type StoredActivity = Omit<ActivityFacts, 'activityId' | 'input' | 'options'> & {
  readonly activityId?: string
  readonly retryState?: string
}

function activityAttributes(event: ActivityEnd): StoredActivity {
  const stored = {
    command: event.command, activityType: event.activityType, taskQueue: event.taskQueue, attempt: event.attempt,
    scheduledAt: event.scheduledAt, startedAt: event.startedAt,
  }
  return event.activityId === String(event.command) ? stored : { ...stored, activityId: event.activityId }
}

function activityFacts(attributes: Record<string, unknown>, options: Payload, input: Payload): ActivityFacts {
  const stored = attributes as unknown as StoredActivity
  return {
    command: stored.command, activityType: stored.activityType, activityId: stored.activityId ?? String(stored.command),
    taskQueue: stored.taskQueue, attempt: stored.attempt, scheduledAt: stored.scheduledAt, startedAt: stored.startedAt, options, input,
  }
}

function lines(attributes: object, ...payloads: readonly Payload[]): string {
  const first = JSON.stringify(attributes)
  return payloads.length === 0 ? first : `${first}\n${payloads.join('\n')}`
}

function parseAttributes(type: string, text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch (cause) {
    return unreadable(type, 'its attributes are not JSON', cause)
  }
}

function unreadable(type: string, why: string, cause?: unknown): never {
  throw new PerdureError('HISTORY_UNREADABLE', `Event ${type} of a history cannot be read: ${why}`, { cause })
}
