/**
 * Histories for people: stored events expanded to Temporal's event names. Pure.
 *
 * What replay implies is put back in its place: the start and the end of the execution, the scheduling and the start of
 * activities, the start of timers. A scheduling belongs behind the events that were applied up to its time and before its
 * own end; an activity's start stands right before its end, as on Temporal. Timers and activities that were withdrawn
 * leave no event, so they are not shown; those that still run are, as far as they have a row.
 */
import { decodeActivityOptions } from '../protocol/activity-options-codec.ts'
import type { ActivityTask } from '../protocol/activity-task.ts'
import { decodeEvent } from '../protocol/event-codec.ts'
import {
  isActivityEnd, isChildEvent, isExternalEnd, type ActivityEnd, type ActivityFacts, type HistoryEvent, type TimerFired,
} from '../protocol/event.ts'
import type { ClosedStatus, ExecutionRecord } from '../protocol/execution-record.ts'
import { encodedPayload } from '../conversion/payload-codec.ts'
import type { Millis } from '../protocol/ids.ts'
import type { Payload } from '../protocol/payload.ts'
import type { EventRecord } from '../protocol/transition.ts'
import { readableArguments, readableFields, readableObject, readablePayload } from './readable-payload.ts'
import { initiated, shown } from './related-events.ts'
import { nextRunOf } from '../protocol/next-run-result.ts'

export interface HistoryEventView {
  /** From 1, without gaps. */
  readonly eventId: number
  readonly eventTime: Date
  readonly eventType: string
  readonly attributes: Readonly<Record<string, unknown>>
}

interface StoredEvent {
  readonly at: Millis
  readonly event: HistoryEvent
}

/** An event that replay implies: it stands before the stored event of this index. */
interface Implied {
  readonly before: number
  readonly at: Millis
  readonly command: number
  readonly eventType: string
  readonly attributes: Readonly<Record<string, unknown>>
}

/** The events of one execution, oldest first. `tasks` are its pending activities. */
export function historyView(
  execution: ExecutionRecord, records: readonly EventRecord[], tasks: readonly ActivityTask[],
): HistoryEventView[] {
  const stored = records.map((record): StoredEvent => ({ at: record.at, event: decodeEvent(record.type, record.data) }))
  const implied = impliedEvents(stored, tasks)
  const view = new View()
  view.add(execution.startedAt, 'WorkflowExecutionStarted', startAttributes(execution))
  stored.forEach(({ at, event }, index) => {
    for (const each of implied.get(index) ?? []) view.addImplied(each)
    view.addStored(at, event)
  })
  for (const each of implied.get(stored.length) ?? []) view.addImplied(each)
  if (execution.status !== 'RUNNING') {
    view.add(execution.closedAt ?? execution.startedAt, closeTypes[execution.status], closeAttributes(execution))
  }
  return view.events
}

class View {
  readonly events: HistoryEventView[] = []
  readonly #begun = new Map<number, number>()

  add(at: Millis, eventType: string, attributes: Readonly<Record<string, unknown>>): number {
    const eventId = this.events.length + 1
    this.events.push({ eventId, eventTime: new Date(at), eventType, attributes: withoutUndefined(attributes) })
    return eventId
  }

  addImplied({ at, command, eventType, attributes }: Implied): void {
    this.#begun.set(command, this.add(at, eventType, attributes))
  }

  addStored(at: Millis, event: HistoryEvent): void {
    switch (event.type) {
      case 'WorkflowExecutionSignaled':
        this.add(at, event.type, { signalName: event.signalName, input: readableArguments(event.input), identity: event.identity })
        return
      case 'WorkflowExecutionCancelRequested':
        this.add(at, event.type, { cause: event.reason, identity: event.identity })
        return
      case 'WorkflowTaskStarted':
        return
      case 'TimerFired':
        this.add(at, event.type, { timerId: String(event.command), startedEventId: this.#begun.get(event.command) })
        return
      case 'ActivityTaskCompleted':
      case 'ActivityTaskFailed':
      case 'ActivityTaskTimedOut':
      case 'ActivityTaskCanceled':
        return this.#addActivityEnd(at, event)
      default: {
        const { eventType, attributes } = shown(event, (command) => this.#begun.get(command))
        this.add(at, eventType, attributes)
      }
    }
  }

  #addActivityEnd(at: Millis, event: ActivityEnd): void {
    const scheduledEventId = this.#begun.get(event.command)
    const { attempt } = event
    // The clock may have been set back between its start and its end.
    const startedAt = event.startedAt === null ? null : Math.min(event.startedAt, at)
    const startedEventId = startedAt === null ? undefined : this.add(startedAt, 'ActivityTaskStarted', { scheduledEventId, attempt })
    this.add(at, event.type, { scheduledEventId, startedEventId, ...endAttributes(event) })
  }
}

function impliedEvents(stored: readonly StoredEvent[], tasks: readonly ActivityTask[]): Map<number, Implied[]> {
  const places = new Map<number, Implied[]>()
  const put = (implied: Implied): void => {
    const place = places.get(implied.before)
    if (place === undefined) places.set(implied.before, [implied])
    else place.push(implied)
  }
  stored.forEach(({ event }, index) => {
    if (event.type === 'TimerFired') put(timerStarted(event, placeOf(stored, event.startedAt, index)))
    else if (isActivityEnd(event)) put(activityScheduled(event, placeOf(stored, event.scheduledAt, index)))
    else if (isChildEvent(event) || isExternalEnd(event)) {
      const request = initiated(event)
      if (request !== undefined) put({ ...request, before: placeOf(stored, request.at, index) })
    }
  })
  for (const task of tasks) put(activityScheduled(task, placeOf(stored, task.scheduledAt, stored.length)))
  for (const place of places.values()) place.sort((left, right) => left.at - right.at || left.command - right.command)
  return places
}

/** Behind the last event that was not later, but before `end`. Times never go back, so the search halves. */
function placeOf(stored: readonly StoredEvent[], at: Millis, end: number): number {
  let low = 0
  let high = end
  while (low < high) {
    const middle = (low + high) >> 1
    if ((stored[middle]?.at ?? Infinity) <= at) low = middle + 1
    else high = middle
  }
  return low
}

function timerStarted({ command, durationMs, startedAt }: TimerFired, before: number): Implied {
  return {
    before, command, at: startedAt, eventType: 'TimerStarted', attributes: { timerId: String(command), startToFireTimeoutMs: durationMs },
  }
}

function activityScheduled(facts: ActivityFacts | ActivityTask, before: number): Implied {
  const { command, activityId, activityType, taskQueue, scheduledAt, input } = facts
  return {
    before, command, at: scheduledAt, eventType: 'ActivityTaskScheduled',
    attributes: { activityId, activityType, taskQueue, input: readableArguments(input), ...optionAttributes(facts.options) },
  }
}

function optionAttributes(payload: Payload): Record<string, unknown> {
  if (encodedPayload(payload) !== undefined) return { options: readablePayload(payload) }
  const { retry, ...options } = decodeActivityOptions(payload)
  return {
    scheduleToCloseTimeoutMs: options.scheduleToCloseMs, scheduleToStartTimeoutMs: options.scheduleToStartMs,
    startToCloseTimeoutMs: options.startToCloseMs, heartbeatTimeoutMs: options.heartbeatMs, summary: options.summary,
    retryPolicy: {
      initialIntervalMs: retry.initialMs, backoffCoefficient: retry.coefficient, maximumIntervalMs: retry.maximumMs,
      maximumAttempts: retry.maximumAttempts, nonRetryableErrorTypes: retry.nonRetryableErrorTypes,
    },
  }
}

function endAttributes(event: ActivityEnd): Record<string, unknown> {
  switch (event.type) {
    case 'ActivityTaskCompleted':
      return { result: readablePayload(event.result) }
    case 'ActivityTaskFailed':
    case 'ActivityTaskTimedOut':
      return { failure: readablePayload(event.failure), retryState: event.retryState }
    case 'ActivityTaskCanceled':
      return { failure: readablePayload(event.failure) }
  }
}

function startAttributes(execution: ExecutionRecord): Record<string, unknown> {
  const { workflowId, runId, workflowType, taskQueue, priority, firstRunId } = execution
  return {
    workflowType, workflowId, runId, taskQueue, priority, firstExecutionRunId: firstRunId,
    input: readableArguments(execution.input),
    memo: readableFields(execution.memo),
    searchAttributes: readableObject(execution.searchAttributes),
  }
}

const closeTypes: Readonly<Record<ClosedStatus, string>> = {
  COMPLETED: 'WorkflowExecutionCompleted', FAILED: 'WorkflowExecutionFailed', CANCELLED: 'WorkflowExecutionCanceled',
  TERMINATED: 'WorkflowExecutionTerminated', CONTINUED_AS_NEW: 'WorkflowExecutionContinuedAsNew', TIMED_OUT: 'WorkflowExecutionTimedOut',
}

function closeAttributes(record: ExecutionRecord): Record<string, unknown> {
  const { status, result, failure } = record
  if (status === 'COMPLETED') return { result: readablePayload(result) }
  const newExecutionRunId = nextRunOf(record)
  return { failure: failure === null ? undefined : readablePayload(failure), newExecutionRunId }
}

function withoutUndefined(attributes: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined))
}
