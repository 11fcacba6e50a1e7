/** Reads a history in Temporal's form, and refuses what is none. Pure. */
import type { Millis } from '../protocol/ids.ts'
import { HistoryFileError } from './history-file-error.ts'
import { type Attributes, attributesName, type TemporalHistory, typeName } from './temporal-event.ts'
import { timeOf } from './temporal-values.ts'

export interface HistoryEventRead {
  readonly id: number
  /** As in 'TimerStarted'. */
  readonly type: string
  readonly at: Millis
  readonly attributes: Attributes
}

/** What the commands of a workflow task become. */
const commandTypes = new Set([
  'ActivityTaskScheduled', 'ActivityTaskCancelRequested', 'MarkerRecorded', 'RequestCancelExternalWorkflowExecutionInitiated',
  'SignalExternalWorkflowExecutionInitiated', 'StartChildWorkflowExecutionInitiated', 'TimerCanceled', 'TimerStarted',
  'UpsertWorkflowSearchAttributes', 'WorkflowPropertiesModified', 'WorkflowExecutionCanceled', 'WorkflowExecutionCompleted',
  'WorkflowExecutionContinuedAsNew', 'WorkflowExecutionFailed', 'WorkflowExecutionUpdateAccepted', 'WorkflowExecutionUpdateRejected',
  'WorkflowExecutionUpdateCompleted',
])

/** What resolves them, or comes from others. */
const outerTypes = new Set([
  'ActivityTaskStarted', 'ActivityTaskCompleted', 'ActivityTaskFailed', 'ActivityTaskTimedOut', 'ActivityTaskCanceled', 'TimerFired',
  'WorkflowExecutionSignaled', 'WorkflowExecutionCancelRequested', 'WorkflowExecutionStarted', 'WorkflowExecutionTerminated',
  'WorkflowExecutionTimedOut', 'WorkflowTaskScheduled', 'WorkflowTaskStarted', 'WorkflowTaskCompleted', 'WorkflowTaskFailed',
  'WorkflowTaskTimedOut', 'StartChildWorkflowExecutionFailed', 'ChildWorkflowExecutionStarted', 'ChildWorkflowExecutionCompleted',
  'ChildWorkflowExecutionFailed', 'ChildWorkflowExecutionCanceled', 'ChildWorkflowExecutionTimedOut', 'ChildWorkflowExecutionTerminated',
  'ExternalWorkflowExecutionSignaled', 'SignalExternalWorkflowExecutionFailed', 'ExternalWorkflowExecutionCancelRequested',
  'RequestCancelExternalWorkflowExecutionFailed', 'WorkflowExecutionUpdateAdmitted', 'WorkflowExecutionOptionsUpdated',
])

const finalTypes = new Set([
  'WorkflowExecutionCompleted', 'WorkflowExecutionFailed', 'WorkflowExecutionCanceled', 'WorkflowExecutionContinuedAsNew',
  'WorkflowExecutionTerminated', 'WorkflowExecutionTimedOut',
])

export function isCommandEvent(type: string): boolean {
  return commandTypes.has(type)
}

export function isFinalEvent(type: string): boolean {
  return finalTypes.has(type)
}

/**
 * @param given a text, or what was parsed from one
 * @throws HistoryFileError
 */
export function readHistoryEvents(given: unknown): readonly HistoryEventRead[] {
  const { events } = asHistory(typeof given === 'string' ? parsed(given) : given)
  const read = events.map((event, index) => readEvent(event as unknown, index))
  const [first] = read
  if (first === undefined) throw invalid('The history has no events; write the file again')
  if (first.type !== 'WorkflowExecutionStarted') {
    throw cutOff(`The history begins with ${first.type}, event ${first.id}, in place of the start of the execution`)
  }
  const gap = read.findIndex(({ id }, index) => id !== index + 1)
  if (gap !== -1) throw cutOff(`Event ${gap + 1} of the history is missing: after event ${read[gap - 1]?.id} comes event ${read[gap]?.id}`)
  const end = read.findIndex(({ type }) => isFinalEvent(type))
  if (end !== -1 && end !== read.length - 1) {
    throw invalid(`Event ${end + 1} of the history is its end (${read[end]?.type}), but others follow it; ${howToWrite}`)
  }
  return read
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    const begins = text.trimStart().startsWith('{')
    if (begins && !text.trimEnd().endsWith('}')) throw cutOff(`The history is cut off: its JSON ends in the middle (${reason})`, cause)
    throw new HistoryFileError('HISTORY_FILE_NOT_JSON', `The history is not JSON: ${reason}; ${howToWrite}`, { cause })
  }
}

const howToWrite = 'write it with `perdure workflow export`, or `temporal workflow show --output json`'

function asHistory(value: unknown): TemporalHistory {
  if (typeof value !== 'object' || value === null) {
    throw invalid(`The history is ${value === null ? 'null' : `a ${typeof value}`} in place of an object; ${howToWrite}`)
  }
  const { events, history, nextPageToken } = value as Record<string, unknown>
  if (typeof history === 'object' && history !== null && nextPageToken !== undefined && nextPageToken !== '' && nextPageToken !== null) {
    throw cutOff('The history is one page of several (it has a nextPageToken)')
  }
  const list: unknown = Array.isArray(value) ? value : events ?? (history as { readonly events?: unknown } | undefined)?.events
  if (!Array.isArray(list)) throw invalid(`The file is no history: it has no list of events; ${howToWrite}`)
  return { events: list as TemporalHistory['events'] }
}

function readEvent(event: unknown, index: number): HistoryEventRead {
  if (typeof event !== 'object' || event === null) throw invalid(`Event ${index + 1} of the history is no object; ${howToWrite}`)
  const { eventId, eventTime, eventType, workerMayIgnore, ...members } = event as Record<string, unknown>
  const id = Number(eventId)
  if (typeof eventType !== 'string' || !Number.isSafeInteger(id)) {
    throw invalid(`Event ${index + 1} of the history has no eventId or no eventType; ${howToWrite}`)
  }
  if ('attributes' in members) {
    throw invalid('The file is a history as `perdure workflow show` prints it for people; write it with `perdure workflow export`')
  }
  const type = typeName(eventType)
  const at = typeof eventTime === 'string' ? timeOf(eventTime) : Number.NaN
  if (Number.isNaN(at)) throw invalid(`The eventTime of event ${id} of the history is ${JSON.stringify(eventTime)}; ${howToWrite}`)
  const isKnown = commandTypes.has(type) || outerTypes.has(type)
  if (!isKnown && workerMayIgnore !== true) throw unknownType(type, id)
  const attributes = members[attributesName(type)]
  if (isKnown && (typeof attributes !== 'object' || attributes === null)) {
    throw invalid(`Event ${id} of the history (${type}) has no ${attributesName(type)}; ${howToWrite}`)
  }
  const known = (attributes ?? {}) as Attributes
  return { id, type, at, attributes: known }
}

function unknownType(type: string, id: number): HistoryFileError {
  if (type.startsWith('Nexus')) {
    const message = `Event ${id} of the history is a ${type}: Perdure has no Nexus; replay it with Temporal's SDK`
    return new HistoryFileError('HISTORY_EVENT_UNSUPPORTED', message)
  }
  const message = `Event ${id} of the history is a ${type}, which this version of Perdure does not know; update it`
  return new HistoryFileError('HISTORY_FILE_TOO_NEW', message)
}

function invalid(message: string): HistoryFileError {
  return new HistoryFileError('HISTORY_FILE_INVALID', message)
}

function cutOff(message: string, cause?: unknown): HistoryFileError {
  const whole = `${message}; a history is replayed from its first event, without gaps: ${howToWrite}`
  return new HistoryFileError('HISTORY_FILE_CUT_OFF', whole, cause === undefined ? undefined : { cause })
}
