/**
 * A history of ours in Temporal's form: its code is replayed, and what it asked for in each activation is written as the
 * events of a workflow task.
 *
 * - X1: each of our activations is one workflow task, so that Temporal's SDK applies the events one by one, as we do.
 * - X2: messages that were read after the workflow had ended are left out: on Temporal they would have kept it open.
 * - X3: the end of a local activity is a marker, the first of the workflow task that hears of it.
 * - X4: activities without an id of the user get Temporal's: their number among the activities.
 */
import type { Command } from '../execution/command.ts'
import type { LiveExecution } from '../execution/live-execution.ts'
import { decodeEvent } from '../protocol/event-codec.ts'
import { isActivityEnd } from '../protocol/event.ts'
import type { EventRecord } from '../protocol/transition.ts'
import { type ReplayOptions, replayReadOnly } from '../worker/executions/read-only-replay.ts'
import { HistoryWriter } from './history-writer.ts'
import { cancelledLocalActivity, endOfLocalActivity, type MarkLocalActivity } from './local-activity-markers.ts'
import { type Mark, PatchMarkers } from './patch-markers.ts'
import { type LocalActivityCalls, recordedCommands } from './recorded-commands.ts'
import type { TemporalHistory } from './temporal-event.ts'
import { TemporalSequences } from './temporal-sequences.ts'

/**
 * Nothing is written and no activity runs.
 * @throws NondeterminismError the code is not the one that made the history
 */
export async function exportHistory(options: ReplayOptions, events: readonly EventRecord[]): Promise<TemporalHistory> {
  const { record } = options
  const sequences = new TemporalSequences()
  const markers = new PatchMarkers()
  const writer = new HistoryWriter(record, sequences)
  if (record.firstTaskAt === null && events.length === 0) {
    // Nobody has run its code, or nothing is left of the tries: it was ended from outside, if at all.
    writer.addEnd()
    return { events: writer.events }
  }
  const locals: LocalActivityCalls = new Map()
  let next = 0
  let hasEnded = false
  const watched: ReplayOptions = {
    ...options, onPassedOver: (kind, pending) => sequences.passOver(kind, pending),
    onPatched: (patchId, deprecated, issued) => markers.ask(patchId, deprecated, issued),
    onUpdateBegun: (update, issued) => markers.accept(update, issued),
    onWithdrawn: (command, issued) => markers.withdraw(command, issued),
  }
  await replayReadOnly(watched, events, {}, (live: LiveExecution, applied: number, commands: readonly Command[]) => {
    if (hasEnded) return
    const marks: MarkLocalActivity[] = []
    let tookIn = next === 0
    for (; next < applied; next++) {
      const { type, data, at } = events[next] as EventRecord
      const event = decodeEvent(type, data)
      const local = isActivityEnd(event) ? locals.get(event.command) : undefined
      if (isActivityEnd(event) && local !== undefined) marks.push(endOfLocalActivity(event, at, local.options.summary))
      else writer.addStored(event, at)
      tookIn ||= event.type !== 'PatchMarked' && event.type !== 'WorkflowExecutionUpdateCompleted'
    }
    // What only notes something is no activation.
    if (!tookIn) return
    const recorded = markers.among(recordedCommands(commands, locals)).flatMap((command) => withoutLocalCancels(command, locals))
    writer.addTask(live, [...marks, ...recorded])
    hasEnded = live.outcome !== undefined
    if (hasEnded) writer.addOutcome(live)
  })
  if (!hasEnded) writer.addEnd()
  return { events: writer.events }
}

/** Of a local activity a marker tells that the code went on without it, unless it waits for the end. */
function withoutLocalCancels(command: Command | Mark, locals: LocalActivityCalls): readonly (Command | Mark)[] {
  const local = command.type === 'CancelActivity' ? locals.get(command.command) : undefined
  if (local === undefined) return [command]
  return local.options.cancellationType === 'WAIT_CANCELLATION_COMPLETED' ? [] : [cancelledLocalActivity(local)]
}
