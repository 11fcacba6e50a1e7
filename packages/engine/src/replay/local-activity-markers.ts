/**
 * Local activities in Temporal's form: no event says that one was called; a marker says how it ended, among the commands of the
 * workflow task in which the code heard of it. Pure.
 */
import type { ScheduleActivity } from '../execution/command.ts'
import type { PendingActivity } from '../execution/pending-commands.ts'
import type { ActivityEnd } from '../protocol/event.ts'
import type { CommandNumber, Millis } from '../protocol/ids.ts'
import { emptyPayload, type Payload } from '../protocol/payload.ts'
import type { HistoryEventRead } from './history-events.ts'
import { HistoryFileError } from './history-file-error.ts'
import { type Attributes, given } from './temporal-event.ts'
import { ownFailure, type TemporalFailure, temporalFailure } from './temporal-failure.ts'
import { ownResult, type TemporalPayloads, temporalPayload, temporalPayloads } from './temporal-payload.ts'
import { enumOf } from './temporal-values.ts'

export const localActivityMarkerName = 'core_local_activity'

/** The end of a local activity, as the code heard of it. */
export interface MarkLocalActivity {
  readonly type: 'MarkLocalActivity'
  readonly command: CommandNumber
  readonly activityType: string
  readonly attempt: number
  readonly scheduledAt: Millis
  /** Null: workflow time does not move to it. */
  readonly at: Millis | null
  readonly summary: string | undefined
  readonly end: { readonly result: Payload } | { readonly failure: TemporalFailure }
}

export function endOfLocalActivity(event: ActivityEnd, at: Millis, summary: string | undefined): MarkLocalActivity {
  const { command, activityType, attempt, scheduledAt } = event
  return { type: 'MarkLocalActivity', command, activityType, attempt, scheduledAt, at, summary, end: outcomeOf(event) }
}

/** Its scope was cancelled, and the code went on at once. */
export function cancelledLocalActivity({ command, activityType, scheduledAt, options: { summary } }: ScheduleActivity): MarkLocalActivity {
  const end = { failure: { message: 'Activity cancelled', canceledFailureInfo: {} } }
  return { type: 'MarkLocalActivity', command, activityType, attempt: 1, scheduledAt, at: null, summary, end }
}

/**
 * Temporal's SDK wraps what was cancelled when it replays. What timed out it wraps for the code that runs, and neither in the marker nor
 * on replay: here it stands wrapped in the marker, so that code gets there what it got here.
 */
function outcomeOf(event: ActivityEnd): MarkLocalActivity['end'] {
  switch (event.type) {
    case 'ActivityTaskCompleted':
      return { result: event.result }
    case 'ActivityTaskFailed':
    case 'ActivityTaskCanceled':
      return { failure: temporalFailure(event.failure) }
    case 'ActivityTaskTimedOut': {
      const { activityType, activityId, retryState, failure } = event
      const activityFailureInfo = { activityType: { name: activityType }, activityId, retryState: `RETRY_STATE_${retryState}` }
      return { failure: { message: 'Local Activity timed out', source: 'perdure', activityFailureInfo, cause: temporalFailure(failure) } }
    }
  }
}

/** @param sequence its number among the activities */
export function localActivityMarkerAttributes(marker: MarkLocalActivity, sequence: string): Attributes {
  const { activityType, attempt, scheduledAt, at, end } = marker
  const data = {
    seq: Number(sequence), attempt, activity_id: sequence, activity_type: activityType,
    complete_time: at === null ? null : timestamp(at), backoff: null, original_schedule_time: timestamp(scheduledAt),
  }
  const details = { data: { payloads: [temporalPayload(JSON.stringify(data) as Payload)] } }
  if ('failure' in end) return { markerName: localActivityMarkerName, details, failure: end.failure }
  return { markerName: localActivityMarkerName, details: { ...details, result: temporalPayloads(end.result) } }
}

/** A marker that was read. */
export interface LocalActivityMarker {
  readonly eventId: number
  readonly sequence: number
  readonly activityType: string
  readonly attempt: number
  /** Workflow time moves to it. */
  readonly completedAt: Millis | undefined
  /** It did not end: the SDK tries again after a timer. */
  readonly isBackoff: boolean
  readonly attributes: Attributes
}

export function isLocalActivityMarker({ type, attributes }: HistoryEventRead): boolean {
  return type === 'MarkerRecorded' && attributes['markerName'] === localActivityMarkerName
}

/** @throws HistoryFileError */
export function localActivityMarkerOf({ id, attributes }: HistoryEventRead): LocalActivityMarker {
  const details = attributes['details'] as Readonly<Record<string, TemporalPayloads>> | null | undefined
  const text = ownResult(details?.['data'], `data of the local activity, event ${id}`)
  const data = (text === emptyPayload ? {} : JSON.parse(text)) as Readonly<Record<string, unknown>>
  const { seq, activity_type: activityType, attempt, complete_time: completedAt, backoff } = data
  if (typeof seq === 'number' && typeof activityType === 'string') {
    return {
      eventId: id, sequence: seq, activityType, attempt: typeof attempt === 'number' ? attempt : 1, completedAt: millisOf(completedAt),
      isBackoff: backoff !== null && backoff !== undefined, attributes,
    }
  }
  throw new HistoryFileError(
    'HISTORY_FILE_INVALID', `Event ${id} of the history is the marker of a local activity, and its data does not say which; ` +
      'write it with `perdure workflow export`, or `temporal workflow show --output json`',
  )
}

export function endFromMarker({ eventId, attempt, attributes }: LocalActivityMarker, activity: PendingActivity): ActivityEnd {
  const { command, activityType, activityId, scheduledAt, input } = activity
  const facts = {
    command, activityType, activityId, taskQueue: '', attempt, scheduledAt, startedAt: null, options: emptyPayload, input,
  }
  const where = `end of local activity '${activityType}', event ${eventId}`
  const failure = attributes['failure'] as TemporalFailure | null | undefined
  if (failure === null || failure === undefined) {
    const details = attributes['details'] as Readonly<Record<string, TemporalPayloads>> | null | undefined
    return { ...facts, type: 'ActivityTaskCompleted', result: ownResult(details?.['result'], where) }
  }
  const inner = given(failure)['activityFailureInfo'] === undefined ? failure : failure.cause ?? failure
  const { retryState } = (failure['activityFailureInfo'] ?? {}) as { readonly retryState?: unknown }
  const state = enumOf(retryState, 'RETRY_STATE') ?? 'CANCEL_REQUESTED'
  if (has(inner, 'canceledFailureInfo')) return { ...facts, type: 'ActivityTaskCanceled', failure: ownFailure(inner, where) }
  if (has(inner, 'timeoutFailureInfo')) {
    return { ...facts, type: 'ActivityTaskTimedOut', failure: ownFailure(inner, where), retryState: state }
  }
  return { ...facts, type: 'ActivityTaskFailed', failure: ownFailure(failure, where), retryState: state }
}

function has(failure: TemporalFailure, info: string): boolean {
  return failure[info] !== undefined && failure[info] !== null
}

function timestamp(at: Millis): { readonly seconds: number; readonly nanos: number } {
  const seconds = Math.floor(at / 1_000)
  return { seconds, nanos: Math.round((at - seconds * 1_000) * 1_000_000) }
}

function millisOf(value: unknown): Millis | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { seconds = 0, nanos = 0 } = value as { readonly seconds?: number; readonly nanos?: number }
  return seconds * 1_000 + Math.floor(nanos / 1_000_000)
}
