/**
 * The facts of a history. There is no event for what deterministic replay implies: starting a timer, scheduling an
 * activity, the start and the end of the execution (both are columns of its row).
 */
import type { ClosedStatus, ParentClosePolicy } from './execution-record.ts'
import type { StoredHeaders } from './headers.ts'
import type { CommandNumber, Millis, RunId } from './ids.ts'
import type { Payload } from './payload.ts'

export interface WorkflowExecutionSignaled {
  readonly type: 'WorkflowExecutionSignaled'
  readonly signalName: string
  readonly identity: string
  /** Of interceptors. */
  readonly headers?: StoredHeaders
  readonly joined?: true
  /** JSON array of the arguments. */
  readonly input: Payload
}

export interface WorkflowExecutionCancelRequested {
  readonly type: 'WorkflowExecutionCancelRequested'
  readonly reason: string
  readonly identity: string
  readonly joined?: true
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

/** A call of `patched` or `deprecatePatch` took the new way; it stands before the event whose activation called it. */
export interface PatchMarked {
  readonly type: 'PatchMarked'
  readonly patchId: string
  readonly deprecated: boolean
  /** Called before the first event, when the workflow function was. */
  readonly atStart: boolean
}

/** An update that its validator let pass; its handler is called. */
export interface WorkflowExecutionUpdateAccepted {
  readonly type: 'WorkflowExecutionUpdateAccepted'
  readonly updateId: string
  readonly updateName: string
  readonly identity: string
  readonly headers?: StoredHeaders
  readonly joined?: true
  /** JSON array of the arguments. */
  readonly input: Payload
}

/** What the handler came to: for people and for whoever asks again; replay has it from the code. */
export interface WorkflowExecutionUpdateCompleted {
  readonly type: 'WorkflowExecutionUpdateCompleted'
  readonly updateId: string
  readonly result: Payload | null
  readonly failure: Payload | null
}

/** What a history shows of a child without user code. */
interface ChildFacts {
  readonly command: CommandNumber
  readonly workflowId: string
  readonly workflowType: string
  readonly taskQueue: string
  readonly parentClosePolicy: ParentClosePolicy
  /** Workflow time of the command. */
  readonly initiatedAt: Millis
  readonly input: Payload
}

export interface ChildWorkflowExecutionStarted extends ChildFacts {
  readonly type: 'ChildWorkflowExecutionStarted'
  readonly runId: RunId
}

export interface StartChildWorkflowExecutionFailed extends ChildFacts {
  readonly type: 'StartChildWorkflowExecutionFailed'
  readonly cause: 'WORKFLOW_ALREADY_EXISTS'
}

/** Made by the store when the child closes and does not go on in another run. */
export interface ChildWorkflowExecutionClosed {
  readonly type: 'ChildWorkflowExecutionClosed'
  readonly command: CommandNumber
  readonly workflowId: string
  readonly runId: RunId
  readonly workflowType: string
  readonly status: ClosedStatus
  readonly result: Payload
  readonly failure: Payload
}

interface ExternalFacts {
  readonly command: CommandNumber
  readonly workflowId: string
  readonly runId: RunId | null
  readonly initiatedAt: Millis
}

export interface ExternalSignalEnd extends ExternalFacts {
  readonly type: 'ExternalWorkflowExecutionSignaled' | 'SignalExternalWorkflowExecutionFailed'
  readonly signalName: string
  readonly input: Payload
}

export interface ExternalCancelEnd extends ExternalFacts {
  readonly type: 'ExternalWorkflowExecutionCancelRequested' | 'RequestCancelExternalWorkflowExecutionFailed'
}

export type ExternalEnd = ExternalSignalEnd | ExternalCancelEnd
export type ChildEvent = ChildWorkflowExecutionStarted | StartChildWorkflowExecutionFailed | ChildWorkflowExecutionClosed

/** In an inbox only: it becomes WorkflowExecutionUpdateAccepted, or leaves no trace. */
export interface WorkflowExecutionUpdateRequested {
  readonly type: 'WorkflowExecutionUpdateRequested'
  readonly updateId: string
  readonly updateName: string
  readonly identity: string
  readonly headers?: StoredHeaders
  readonly input: Payload
}

/** In an inbox only: the parent closed with the policy TERMINATE. */
export interface WorkflowExecutionTerminateRequested {
  readonly type: 'WorkflowExecutionTerminateRequested'
  readonly reason: string
  readonly identity: string
}

export type ActivityEnd = ActivityTaskCompleted | ActivityTaskFailed | ActivityTaskTimedOut | ActivityTaskCanceled

export type HistoryEvent =
  | WorkflowExecutionSignaled | WorkflowExecutionCancelRequested | WorkflowTaskStarted | TimerFired | ActivityEnd | PatchMarked
  | WorkflowExecutionUpdateAccepted | WorkflowExecutionUpdateCompleted | ChildEvent | ExternalEnd

/** What may stand in an inbox besides events. */
export type InboxRequest = WorkflowExecutionUpdateRequested | WorkflowExecutionTerminateRequested

export type EventType = HistoryEvent['type'] | InboxRequest['type']

/**
 * Messages that were there together are applied together, as on Temporal: the handlers of all begin, then the code goes on that waited.
 * Each but the first says so, since a replay must do the same.
 */
export type Joined = Extract<
  HistoryEvent, { type: 'WorkflowExecutionSignaled' | 'WorkflowExecutionCancelRequested' | 'WorkflowExecutionUpdateAccepted' }
>

/** It was applied together with the message in front of it. */
export function isJoined(event: HistoryEvent): boolean {
  return 'joined' in event && event.joined !== undefined
}

/**
 * The type of a signal in an inbox that `signalWithStart` sent to an execution that was open: it ends a start delay, which other
 * signals do not. As an event it is a signal like any other.
 */
export const signaledWithStart = 'WorkflowExecutionSignaledWithStart'

/** What a message of an inbox is as an event. */
export function eventTypeOf(messageType: string): string {
  return messageType === signaledWithStart ? 'WorkflowExecutionSignaled' : messageType
}

/** Sent by somebody, as against the resolution of a command. */
export function isMessage(event: HistoryEvent | InboxRequest): boolean {
  return messages.has(event.type)
}

export function isMessageType(type: string): boolean {
  return messages.has(type)
}

const messages: ReadonlySet<string> = new Set<EventType>([
  'WorkflowExecutionSignaled', 'WorkflowExecutionCancelRequested', 'WorkflowExecutionUpdateAccepted', 'WorkflowExecutionUpdateRequested',
  'WorkflowExecutionTerminateRequested',
])

export function isRequest(event: HistoryEvent | InboxRequest): event is InboxRequest {
  return isRequestType(event.type)
}

export function isRequestType(type: string): boolean {
  return type === 'WorkflowExecutionUpdateRequested' || type === 'WorkflowExecutionTerminateRequested'
}

export function isChildEvent(event: HistoryEvent): event is ChildEvent {
  return event.type === 'ChildWorkflowExecutionStarted' || event.type === 'ChildWorkflowExecutionClosed' ||
    event.type === 'StartChildWorkflowExecutionFailed'
}

export function isExternalEnd(event: HistoryEvent): event is ExternalEnd {
  return event.type === 'ExternalWorkflowExecutionSignaled' || event.type === 'SignalExternalWorkflowExecutionFailed' ||
    event.type === 'ExternalWorkflowExecutionCancelRequested' || event.type === 'RequestCancelExternalWorkflowExecutionFailed'
}

export function isActivityEnd(event: HistoryEvent | InboxRequest): event is ActivityEnd {
  return event.type.startsWith('ActivityTask')
}
