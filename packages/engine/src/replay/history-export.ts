/**
 * A history of ours in Temporal's form: its code is replayed, and what it asked for in each activation is written as the
 * events of a workflow task.
 *
 * - X1: each of our activations is one workflow task, so that Temporal's SDK applies the events one by one, as we do.
 * - X2: messages that were read after the workflow had ended are left out: on Temporal they would have kept it open.
 * - X3: activities without an id of the user get Temporal's: their number among the activities.
 */
import type { Command } from '../execution/command.ts'
import type { LiveExecution } from '../execution/live-execution.ts'
import { decodeEvent } from '../protocol/event-codec.ts'
import type { EventRecord } from '../protocol/transition.ts'
import { type ReplayOptions, replayReadOnly } from '../worker/read-only-replay.ts'
import { HistoryFileError } from './history-file-error.ts'
import { HistoryWriter } from './history-writer.ts'
import { PatchMarkers } from './patch-markers.ts'
import { recordedCommands } from './recorded-commands.ts'
import type { TemporalHistory } from './temporal-event.ts'
import { TemporalSequences } from './temporal-sequences.ts'

/**
 * Nothing is written and no activity runs.
 * @throws NondeterminismError the code is not the one that made the history; HistoryFileError it did what is not exported
 */
export async function exportHistory(options: ReplayOptions, events: readonly EventRecord[]): Promise<TemporalHistory> {
  const { record } = options
  const sequences = new TemporalSequences()
  const markers = new PatchMarkers()
  const writer = new HistoryWriter(record, sequences)
  if (record.status === 'RUNNING' && record.firstTaskAt === null && events.length === 0) return { events: writer.events }
  let next = 0
  let hasEnded = false
  const watched: ReplayOptions = {
    ...options, onPassedOver: (kind, pending) => sequences.passOver(kind, pending),
    onPatched: (patchId, deprecated, issued) => markers.ask(patchId, deprecated, issued),
    onUpdateBegun: (update, issued) => markers.accept(update, issued),
  }
  await replayReadOnly(watched, events, [], (live: LiveExecution, applied: number, commands: readonly Command[]) => {
    if (hasEnded) return
    refuseLocal(commands)
    let tookIn = next === 0
    for (; next < applied; next++) {
      const { type, data, at } = events[next] as EventRecord
      const event = decodeEvent(type, data)
      writer.addStored(event, at)
      tookIn ||= event.type !== 'PatchMarked' && event.type !== 'WorkflowExecutionUpdateCompleted'
    }
    // What only notes something is no activation.
    if (!tookIn) return
    writer.addTask(live, markers.among(recordedCommands(commands)))
    hasEnded = live.outcome !== undefined
    if (hasEnded) writer.addOutcome(live)
  })
  if (!hasEnded) writer.addEnd()
  return { events: writer.events }
}

function refuseLocal(commands: readonly Command[]): void {
  const local = commands.find((command) => command.type === 'ScheduleActivity' && command.options.local === true)
  if (local?.type !== 'ScheduleActivity') return
  throw new HistoryFileError(
    'HISTORY_EVENT_UNSUPPORTED', `The workflow calls the local activity '${local.activityType}', and local activities are not exported; ` +
      'replay the execution where it is: perdure replay --open',
  )
}
