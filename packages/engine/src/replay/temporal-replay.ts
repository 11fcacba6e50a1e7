/**
 * Replays a history of Temporal against workflow code of ours, as its SDK would: what a workflow task takes in is applied as one
 * batch, and what the code then asks for must be what the task recorded.
 */
import type { Command } from '../execution/command.ts'
import type { LiveExecution } from '../execution/live-execution.ts'
import { NondeterminismError } from '../execution/nondeterminism-error.ts'
import type { ExecutionRecord } from '../protocol/execution-record.ts'
import { asRunId, type CommandNumber } from '../protocol/ids.ts'
import type { WorkflowFunction } from '../registry.ts'
import { createLive } from '../worker/live-factory.ts'
import { type Activation, replayInTurns } from '../worker/replay-turns.ts'
import { checkCommands } from './command-check.ts'
import type { HistoryEventRead } from './history-events.ts'
import { applyEvent, jobsOf } from './temporal-jobs.ts'
import { ownArguments, ownMap, type TemporalPayloadMap, type TemporalPayloads } from './temporal-payload.ts'
import { TemporalSequences } from './temporal-sequences.ts'
import { textOf } from './temporal-values.ts'
import { type WorkflowTask, workflowTasks } from './workflow-tasks.ts'

/**
 * Nothing is written and no activity runs.
 * @param workflowId the history has it only since servers of version 1.21
 * @throws NondeterminismError with the place in the code; HistoryFileError; what the code makes it fail with
 */
export async function replayTemporalHistory(events: readonly HistoryEventRead[], fn: WorkflowFunction, workflowId: string): Promise<void> {
  const tasks = workflowTasks(events)
  const record = recordOf(events, tasks, workflowId)
  try {
    await replayTasks(tasks, record, fn, false)
  } catch (error) {
    if (!(error instanceof NondeterminismError)) throw error
    // Once more, slowly, for the place.
    await replayTasks(tasks, record, fn, true)
    throw error
  }
}

async function replayTasks(
  tasks: readonly WorkflowTask[], record: ExecutionRecord, fn: WorkflowFunction, captureLocations: boolean,
): Promise<void> {
  const sequences = new TemporalSequences()
  const live = createLive({
    record, fn, wallClock: Date.now, onStray: () => undefined, captureLocations,
    onPassedOver: (kind, pending) => sequences.passOver(kind, pending),
  })
  live.replaying = true
  const numbers = { sequences, byEvent: new Map<number, CommandNumber>() }
  const commands: Command[] = []
  const batches = tasks.flatMap((task) => batchesOf(task, live, numbers.byEvent))
  const activations = batches.map(({ apply }) => apply)
  let rested = 0
  await replayInTurns(live, activations.values(), (issued) => {
    commands.push(...issued)
    const task = batches[rested++]?.lastOf
    if (task !== undefined) checkCommands(task, commands.splice(0), live, numbers)
  })
}

interface Batch {
  readonly apply: Activation
  /** Its commands are complete then. */
  readonly lastOf: WorkflowTask | undefined
}

function batchesOf(task: WorkflowTask, live: LiveExecution, byEvent: ReadonlyMap<number, CommandNumber>): readonly Batch[] {
  const { signals, others } = jobsOf(task)
  const isFirst = others.some(({ type }) => type === 'WorkflowExecutionStarted')
  const applyAll = (events: readonly HistoryEventRead[]): void => {
    for (const event of events) {
      // Of a batch, conditions are looked at after each job; after the last one, whoever drives the execution looks.
      if (applyEvent(live, event, task, byEvent)) while (live.hasMore()) live.settleMore()
    }
  }
  const begin = (): void => {
    live.history.length = task.startedEventId
    live.history.size = task.historyBytes
    live.begin()
  }
  if (task.isSingleBatch || signals.length === 0 || isFirst) {
    return [{ apply: () => { applyAll([...signals, ...others]); if (isFirst) begin() }, lastOf: task }]
  }
  return [{ apply: () => applyAll(signals), lastOf: undefined }, { apply: () => applyAll(others), lastOf: task }]
}

function recordOf(events: readonly HistoryEventRead[], tasks: readonly WorkflowTask[], workflowId: string): ExecutionRecord {
  const attributes = events[0]?.attributes ?? {}
  const startedAt = events[0]?.at ?? 0
  const runId = asRunId(textOf(attributes['originalExecutionRunId']))
  const fields = (name: string, member: string): TemporalPayloadMap | undefined => {
    return (attributes[name] as Readonly<Record<string, TemporalPayloadMap>> | null | undefined)?.[member]
  }
  return {
    namespace: 'default', workflowId, runId, workflowType: workflowTypeIn(events),
    taskQueue: (attributes['taskQueue'] as { readonly name?: string } | undefined)?.name ?? '',
    status: 'RUNNING', priority: 3, owner: null, wakeAt: null, held: null,
    input: ownArguments(attributes['input'] as TemporalPayloads, 'input of the workflow'), result: null, failure: null,
    memo: ownMap(fields('memo', 'fields'), 'memo'),
    searchAttributes: ownMap(fields('searchAttributes', 'indexedFields'), 'search attributes'),
    firstRunId: asRunId(textOf(attributes['firstExecutionRunId']) || runId), parent: null, expiresAt: null, details: null, takeovers: 0,
    startedAt, firstTaskAt: tasks[0]?.at ?? startedAt, closedAt: null,
  }
}

export function workflowTypeIn(events: readonly HistoryEventRead[]): string {
  return (events[0]?.attributes['workflowType'] as { readonly name?: string } | undefined)?.name ?? ''
}
