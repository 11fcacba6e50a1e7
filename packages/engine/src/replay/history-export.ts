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
import { eventsBeforeCall } from '../worker/execution-steps.ts'
import { type ReplayOptions, replayReadOnly } from '../worker/read-only-replay.ts'
import { HistoryWriter } from './history-writer.ts'
import { TemporalSequences } from './temporal-sequences.ts'
import type { TemporalHistory } from './temporal-event.ts'

/**
 * Nothing is written and no activity runs.
 * @throws NondeterminismError the code is not the one that made the history
 */
export async function exportHistory(options: ReplayOptions, events: readonly EventRecord[]): Promise<TemporalHistory> {
  const { record } = options
  const sequences = new TemporalSequences()
  const writer = new HistoryWriter(record, sequences)
  if (record.status === 'RUNNING' && record.firstTaskAt === null && events.length === 0) return { events: writer.events }
  const called = eventsBeforeCall(events) - 1
  let next = 0
  let hasEnded = false
  const onPassedOver: ReplayOptions['onPassedOver'] = (kind, pending) => sequences.passOver(kind, pending)
  await replayReadOnly({ ...options, onPassedOver }, events, [], (live: LiveExecution, applied: number, commands: readonly Command[]) => {
    if (hasEnded) return
    for (; next < applied; next++) {
      const { type, data, at } = events[next] as EventRecord
      if (next !== called) writer.addStored(decodeEvent(type, data), at)
    }
    writer.addTask(live, commands)
    hasEnded = live.outcome !== undefined
    if (hasEnded) writer.addOutcome()
  })
  if (!hasEnded) writer.addEnd()
  return { events: writer.events }
}
