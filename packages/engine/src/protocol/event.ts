/**
 * The facts of a history. There is no event for what deterministic replay implies: starting a timer, scheduling an
 * activity, the start and the end of the execution (both are columns of its row).
 */
import type { StoredHeaders } from './headers.ts'
import type { CommandNumber, Millis } from './ids.ts'
import type { Payload } from './payload.ts'

export interface WorkflowExecutionSignaled {
  readonly type: 'WorkflowExecutionSignaled'
  readonly signalName: string
  readonly identity: string
  /** Of interceptors. */
  readonly headers?: StoredHeaders
  /** JSON array of the arguments. */
  readonly input: Payload
}

export interface WorkflowExecutionCancelRequested {
  readonly type: 'WorkflowExecutionCancelRequested'
  readonly reason: string
  readonly identity: string
}

/** The workflow function is called: written only where messages are to stand before it, which it then hears as soon as it listens. */
export interface WorkflowTaskStarted {
  readonly type: 'WorkflowTaskStarted'
}

export interface TimerFired {
  readonly type: 'TimerFired'
  readonly command: CommandNumber
  readonly durationMs: number
  readonly startedAt: Millis
}

/** What every end of an activity carries, so that a history can be shown without user code. */
export interface ActivityFacts {
  readonly command: CommandNumber
  readonly activityType: string
  readonly activityId: string
  readonly taskQueue: string
  readonly attempt: number
  readonly scheduledAt: Millis
  /** Start of the last attempt; null when it never started. */
  readonly startedAt: Millis | null
  /** ResolvedActivityOptions as JSON (activity-options codec). */
  readonly options: Payload
  readonly input: Payload
}

export interface ActivityTaskCompleted extends ActivityFacts {
  readonly type: 'ActivityTaskCompleted'
  readonly result: Payload
}

export interface ActivityTaskFailed extends ActivityFacts {
  readonly type: 'ActivityTaskFailed'
  readonly failure: Payload
  readonly retryState: string
}

export interface ActivityTaskTimedOut extends ActivityFacts {
  readonly type: 'ActivityTaskTimedOut'
  readonly failure: Payload
  readonly retryState: string
}

export interface ActivityTaskCanceled extends ActivityFacts {
  readonly type: 'ActivityTaskCanceled'
  readonly failure: Payload
}

export type ActivityEnd = ActivityTaskCompleted | ActivityTaskFailed | ActivityTaskTimedOut | ActivityTaskCanceled

export type HistoryEvent =
  | WorkflowExecutionSignaled | WorkflowExecutionCancelRequested | WorkflowTaskStarted | TimerFired | ActivityEnd

export type EventType = HistoryEvent['type']

/** Sent by somebody, as against the resolution of a command. */
export function isMessage(event: HistoryEvent): boolean {
  return event.type === 'WorkflowExecutionSignaled' || event.type === 'WorkflowExecutionCancelRequested'
}

export function isActivityEnd(event: HistoryEvent): event is ActivityEnd {
  return event.type.startsWith('ActivityTask')
}
