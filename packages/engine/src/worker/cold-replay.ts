/** Whether the code still does what a stored history says: the history is applied to it from the beginning, and nothing is written. */
import { NondeterminismError } from '../execution/nondeterminism-error.ts'
import type { Outcome } from '../execution/command.ts'
import type { Store } from '../ports/store.ts'
import type { ExecutionRecord } from '../protocol/execution-record.ts'
import { emptyPayload } from '../protocol/payload.ts'
import type { EventRecord } from '../protocol/transition.ts'
import type { WorkflowFunction } from '../registry.ts'
import { readHistory } from './history-reader.ts'
import { replayReadOnly } from './read-only-replay.ts'

/**
 * Reads the history of an execution and replays it.
 * @throws NondeterminismError, with the place in the code; what the code itself throws past an activation
 */
export async function replayCold(store: Store, record: ExecutionRecord, fn: WorkflowFunction): Promise<void> {
  if (record.firstTaskAt === null) return
  const events = await readHistory(store, record.runId)
  try {
    await replayed(record, events, fn, false)
  } catch (error) {
    if (!(error instanceof NondeterminismError) || error.mismatch.seq > events.length) throw error
    // Once more, slowly, to say where in the code the command came from.
    await replayed(record, events, fn, true)
    throw error
  }
}

async function replayed(
  record: ExecutionRecord, events: readonly EventRecord[], fn: WorkflowFunction, captureLocations: boolean,
): Promise<void> {
  const { outcome } = await replayReadOnly({ record, fn, wallClock: () => events.at(-1)?.at ?? record.startedAt, captureLocations }, events)
  const seq = events.length + 1
  const expected = ends[record.status]
  if (expected === undefined) return
  const got = outcome?.type ?? 'running'
  if (expected !== got) throw new NondeterminismError({ seq, expected: `the end: ${expected}`, got: `the end: ${got}` })
  if (outcome?.type !== 'completed') return
  const [stored, again] = [record.result ?? emptyPayload, outcome.result ?? emptyPayload]
  if (stored !== again) throw new NondeterminismError({ seq, expected: `the result ${stored}`, got: `the result ${again}` })
}

/** Of those that ended by their own code; whoever was ended from outside may have been anywhere in it. */
const ends: Readonly<Partial<Record<ExecutionRecord['status'], Outcome['type'] | 'running'>>> = {
  COMPLETED: 'completed', FAILED: 'failed', CANCELLED: 'cancelled', RUNNING: 'running',
}
