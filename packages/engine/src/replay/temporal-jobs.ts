/** What the events of a workflow task do to an execution in memory, in the order of Temporal's SDK. */
import type { LiveExecution } from '../execution/live-execution.ts'
import { NondeterminismError } from '../execution/nondeterminism-error.ts'
import type { ActivityEnd, ActivityFacts, HistoryEvent } from '../protocol/event.ts'
import type { CommandNumber } from '../protocol/ids.ts'
import { emptyPayload, type Payload } from '../protocol/payload.ts'
import type { HistoryEventRead } from './history-events.ts'
import { ownFailure, type TemporalFailure } from './temporal-failure.ts'
import { ownArguments, ownResult, type TemporalPayloads } from './temporal-payload.ts'
import { enumOf, textOf } from './temporal-values.ts'
import { patchOf } from './patch-markers.ts'
import { headersOf, relatedEvent, updateOf } from './temporal-messages.ts'
import type { WorkflowTask } from './workflow-tasks.ts'

interface Jobs {
  /** Known before all else. */
  readonly patches: readonly string[]
  readonly signals: readonly HistoryEventRead[]
  readonly updates: readonly HistoryEventRead[]
  readonly others: readonly HistoryEventRead[]
}

/** Signals and updates come before resolutions; each kind in its own order. Of patches and updates, the task's commands tell. */
export function jobsOf({ events, commands = [] }: WorkflowTask): Jobs {
  const isSignal = ({ type }: HistoryEventRead): boolean => type === 'WorkflowExecutionSignaled'
  const markers = commands.filter(({ type }) => type === 'MarkerRecorded')
  return {
    patches: markers.flatMap(({ attributes }) => patchOf(attributes)?.patchId ?? []), signals: events.filter(isSignal),
    updates: commands.filter(({ type }) => type === 'WorkflowExecutionUpdateAccepted'), others: events.filter((event) => !isSignal(event)),
  }
}

/** Commands by the events that they became. */
type CommandsByEvent = ReadonlyMap<number, CommandNumber>

/** Applies one event; true: it meant something to the execution. */
export function applyEvent(live: LiveExecution, read: HistoryEventRead, task: WorkflowTask, byEvent: CommandsByEvent): boolean {
  const event = eventOf(live, read, byEvent)
  if (event === undefined || !live.accepts(event)) return false
  // Workflow code sees the length that the task began with.
  live.history.set(task.startedEventId - 1, 0)
  try {
    live.apply(event, task.at, 0)
  } catch (error) {
    throw error instanceof NondeterminismError ? new NondeterminismError({ ...error.mismatch, seq: read.id }) : error
  }
  live.history.size = task.historyBytes
  return true
}

/** Undefined: it resolves nothing. */
function eventOf(live: LiveExecution, read: HistoryEventRead, byEvent: CommandsByEvent): HistoryEvent | undefined {
  const { id, type, attributes } = read
  const of = (name: string): CommandNumber => byEvent.get(Number(attributes[name])) ?? 0
  switch (type) {
    case 'WorkflowExecutionSignaled': {
      const signalName = textOf(attributes['signalName'])
      const input = ownArguments(attributes['input'] as TemporalPayloads, `signal '${signalName}', event ${id}`)
      return { type, signalName, identity: textOf(attributes['identity']), input, ...headersOf(attributes) }
    }
    case 'WorkflowExecutionUpdateAccepted':
      return updateOf(id, attributes)
    case 'WorkflowExecutionCancelRequested':
      return { type, reason: textOf(attributes['cause']), identity: textOf(attributes['identity']) }
    case 'TimerFired': {
      const timer = live.pending.timers.get(of('startedEventId'))
      return timer === undefined ? undefined : { type, command: timer.command, durationMs: timer.durationMs, startedAt: timer.startedAt }
    }
    case 'ActivityTaskCompleted':
    case 'ActivityTaskFailed':
    case 'ActivityTaskTimedOut':
    case 'ActivityTaskCanceled':
      return activityEnd(live, { id, type, attributes }, of('scheduledEventId'))
    default:
      return relatedEvent(live, read, of('initiatedEventId'))
  }
}

interface EndRead {
  readonly id: number
  readonly type: ActivityEnd['type']
  readonly attributes: HistoryEventRead['attributes']
}

function activityEnd(live: LiveExecution, { id, type, attributes }: EndRead, command: CommandNumber): ActivityEnd | undefined {
  const activity = live.pending.activities.get(command)
  if (activity === undefined) return undefined
  const { activityType, activityId, scheduledAt, input } = activity
  const facts: ActivityFacts = {
    command, activityType, activityId, taskQueue: '', attempt: 1, scheduledAt, startedAt: null, options: emptyPayload, input,
  }
  const where = `end of activity '${activityType}', event ${id}`
  const retryState = enumOf(attributes['retryState'], 'RETRY_STATE') ?? 'IN_PROGRESS'
  switch (type) {
    case 'ActivityTaskCompleted':
      return { ...facts, type, result: ownResult(attributes['result'] as TemporalPayloads, where) }
    case 'ActivityTaskFailed':
    case 'ActivityTaskTimedOut':
      return { ...facts, type, failure: ownFailure(attributes['failure'] as TemporalFailure, where), retryState }
    case 'ActivityTaskCanceled':
      return { ...facts, type, failure: cancelled(attributes['details'] as TemporalPayloads, where) }
  }
}

function cancelled(details: TemporalPayloads | undefined, where: string): Payload {
  return ownFailure({ message: 'CANCELLED', canceledFailureInfo: { details: details ?? { payloads: [] } } }, where)
}
