/**
 * Cuts a history of Temporal into its workflow tasks, as Temporal's SDK does on replay. Pure.
 *
 * - W1: a task that failed or timed out did nothing: what led to it is taken in by the next one.
 * - W2: one without commands that is followed by another at once only showed that the worker lives: likewise.
 * - W3: what a task's commands became stands behind its completion.
 */
import type { Millis } from '../protocol/ids.ts'
import { type HistoryEventRead, isCommandEvent, isFinalEvent } from './history-events.ts'

export interface WorkflowTask {
  /** Of its WorkflowTaskStarted: what workflow code sees as length of the history. */
  readonly startedEventId: number
  readonly at: Millis
  readonly historyBytes: number
  readonly continueAsNewSuggested: boolean
  /** What it takes in, in the order of the history. */
  readonly events: readonly HistoryEventRead[]
  /** Undefined: it was not completed, so nobody knows. */
  readonly commands: readonly HistoryEventRead[] | undefined
  /** Of its completion, or else of its start. */
  readonly endEventId: number
  /** Jobs are done at once; otherwise signals are settled before the others, as SDKs before 1.11 did it. */
  readonly isSingleBatch: boolean
}

const notConcluding = new Set([
  'WorkflowTaskFailed', 'WorkflowTaskTimedOut', 'WorkflowExecutionTimedOut', 'WorkflowExecutionTerminated', 'WorkflowExecutionCanceled',
])

const singleBatchFlag = 2

export function workflowTasks(events: readonly HistoryEventRead[]): readonly WorkflowTask[] {
  const sequences = sequencesOf(events)
  const tasks: WorkflowTask[] = []
  let isSingleBatch = false
  for (const [index, sequence] of sequences.entries()) {
    const started = sequence.at(-1)
    if (started?.type !== 'WorkflowTaskStarted') break
    const next = sequences[index + 1]
    // A flag counts from the task on whose completion names it first.
    isSingleBatch ||= [...sequence, ...(next ?? [])].some(usesSingleBatch)
    const completed = next?.find(({ type }) => type === 'WorkflowTaskCompleted')
    tasks.push({
      startedEventId: started.id, at: started.at, isSingleBatch,
      historyBytes: Number(started.attributes['historySizeBytes'] ?? 0),
      continueAsNewSuggested: started.attributes['suggestContinueAsNew'] === true,
      events: sequence.filter(({ type }) => !isCommandEvent(type)),
      commands: completed === undefined ? undefined : next?.filter(({ type }) => isCommandEvent(type)),
      endEventId: completed?.id ?? started.id,
    })
  }
  return tasks
}

/** Each ends with the start of the task that takes it in; the last may end otherwise. */
function sequencesOf(events: readonly HistoryEventRead[]): HistoryEventRead[][] {
  const sequences: HistoryEventRead[][] = []
  let begin = 0
  let hasCommand = false
  /** Starts of tasks that only showed that the worker lives. */
  let passedOver: number[] = []
  const end = (index: number): void => {
    sequences.push(events.slice(begin, index + 1))
    begin = index + 1
    hasCommand = false
    passedOver = []
  }
  for (const [index, { type }] of events.entries()) {
    hasCommand ||= isCommandEvent(type)
    if (isFinalEvent(type)) end(index)
    else if (type === 'WorkflowTaskStarted') {
      if (concludes(events, index, hasCommand)) {
        // An update is taken in by its own task: those before it, which asked for nothing, end there.
        const heard = updateAfter(events[index + 2])
        const apart = passedOver.findLast((started) => heard !== undefined && (events[started]?.id ?? 0) < heard)
        if (apart !== undefined) end(apart)
        end(index)
      } else if (events[index + 1]?.type === 'WorkflowTaskCompleted') passedOver.push(index)
    }
  }
  if (begin < events.length) sequences.push(events.slice(begin))
  return sequences
}

/** The event after which an update was asked for, if one was accepted here. */
function updateAfter(event: HistoryEventRead | undefined): number | undefined {
  if (event?.type !== 'WorkflowExecutionUpdateAccepted') return undefined
  return Number(event.attributes['acceptedRequestSequencingEventId'])
}

function concludes(events: readonly HistoryEventRead[], started: number, hasCommand: boolean): boolean {
  const next = events[started + 1]
  if (next === undefined) return true
  if (notConcluding.has(next.type)) return false
  return hasCommand || next.type !== 'WorkflowTaskCompleted' || events[started + 2]?.type !== 'WorkflowTaskScheduled'
}

function usesSingleBatch({ type, attributes }: HistoryEventRead): boolean {
  if (type !== 'WorkflowTaskCompleted') return false
  const { langUsedFlags } = (attributes['sdkMetadata'] ?? {}) as { readonly langUsedFlags?: readonly number[] }
  return langUsedFlags?.includes(singleBatchFlag) === true
}
