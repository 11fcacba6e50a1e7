/**
 * Events as stored text: the first line is a JSON object of attributes, each further line one payload as it is.
 * Payloads have no raw line breaks, so nothing is escaped or parsed twice; what equals a default is left out.
 */
import type { ActivityEnd, ActivityFacts, EventType, HistoryEvent, WorkflowExecutionSignaled } from './event.ts'
import type { Payload } from './payload.ts'
import { PerdureError } from '../error.ts'

export function encodeEvent(event: HistoryEvent): string {
  switch (event.type) {
    case 'WorkflowExecutionSignaled':
      return lines({ signalName: event.signalName, identity: event.identity, headers: event.headers }, event.input)
    case 'WorkflowExecutionCancelRequested':
      return lines({ reason: event.reason, identity: event.identity })
    case 'WorkflowTaskStarted':
      return lines({})
    case 'TimerFired':
      return lines({ command: event.command, durationMs: event.durationMs, startedAt: event.startedAt })
    case 'ActivityTaskCompleted':
      return lines(activityAttributes(event), event.options, event.input, event.result)
    case 'ActivityTaskFailed':
    case 'ActivityTaskTimedOut':
      return lines({ ...activityAttributes(event), retryState: event.retryState }, event.options, event.input, event.failure)
    case 'ActivityTaskCanceled':
      return lines(activityAttributes(event), event.options, event.input, event.failure)
    default:
      return event satisfies never
  }
}

/** Throws HISTORY_UNREADABLE when the text is not one that encodeEvent makes. */
export function decodeEvent(type: string, data: string): HistoryEvent {
  const [first, ...payloads] = data.split('\n') as [string, ...Payload[]]
  const attributes = parseAttributes(type, first)
  const payload = (index: number): Payload => payloads[index] ?? unreadable(type, `payload ${index} is missing`)
  switch (type as EventType) {
    case 'WorkflowExecutionSignaled':
      return { ...(attributes as Omit<WorkflowExecutionSignaled, 'type' | 'input'>), type: 'WorkflowExecutionSignaled', input: payload(0) }
    case 'WorkflowExecutionCancelRequested':
      return { ...(attributes as { reason: string; identity: string }), type: 'WorkflowExecutionCancelRequested' }
    case 'WorkflowTaskStarted':
      return { type: 'WorkflowTaskStarted' }
    case 'TimerFired':
      return { ...(attributes as { command: number; durationMs: number; startedAt: number }), type: 'TimerFired' }
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
