/** Replays an execution of a database against code, and looks whether the code comes to where the execution is. */
import type { LiveExecution } from '../execution/live-execution.ts'
import { NondeterminismError } from '../execution/nondeterminism-error.ts'
import type { Store } from '../ports/store.ts'
import type { ActivityTask } from '../protocol/activity-task.ts'
import type { ExecutionRecord } from '../protocol/execution-record.ts'
import { emptyPayload, type Payload } from '../protocol/payload.ts'
import type { EventRecord } from '../protocol/transition.ts'
import type { WorkflowFunction } from '../registry.ts'
import { readHistory } from '../worker/history-reader.ts'
import { type ReplayOptions, replayReadOnly } from '../worker/read-only-replay.ts'

/**
 * @param tasks its rows, read before the events: what they belong to was asked for by those
 * @throws NondeterminismError with the place in the code; what the code makes it fail with
 */
export async function replayStored(options: ReplayOptions, events: readonly EventRecord[], tasks: readonly ActivityTask[]): Promise<void> {
  // Nobody has run its code yet.
  if (options.record.firstTaskAt === null && events.length === 0) return
  checkEnd(await replayed(options, events, tasks), options.record)
}

async function replayed(options: ReplayOptions, events: readonly EventRecord[], tasks: readonly ActivityTask[]): Promise<LiveExecution> {
  try {
    return await replayOnce(options, events, tasks)
  } catch (error) {
    if (!(error instanceof NondeterminismError)) throw error
    // Once more, slowly, for the place.
    await replayOnce({ ...options, captureLocations: true }, events, tasks)
    throw error
  }
}

async function replayOnce(options: ReplayOptions, events: readonly EventRecord[], tasks: readonly ActivityTask[]): Promise<LiveExecution> {
  const live = await replayReadOnly(options, events)
  for (const { command, activityType } of tasks) {
    if (live.pending.describe(command) === `activity '${activityType}'`) continue
    throw live.mismatch(`a scheduled activity '${activityType}' for command ${command}`, command)
  }
  return live
}

/**
 * Reads an execution that nobody runs meanwhile, and replays it.
 * @throws as `replayStored` does
 */
export async function replayCold(
  store: Store, record: ExecutionRecord, fn: WorkflowFunction, code: Pick<ReplayOptions, 'interceptors' | 'values'> = {},
): Promise<void> {
  const tasks = await store.readTasks(record.runId)
  const events = await readHistory(store, record.runId)
  await replayStored({ record, fn, ...code, wallClock: () => events.at(-1)?.at ?? record.startedAt }, events, tasks)
}

const ends = { COMPLETED: 'completed', FAILED: 'failed', CANCELLED: 'cancelled' } as const

function checkEnd(live: LiveExecution, { status, result }: ExecutionRecord): void {
  const expected = ends[status as keyof typeof ends] as typeof ends[keyof typeof ends] | undefined
  const got = live.outcome?.type
  if (live.outcome?.type === 'completed' && got === expected) {
    return checkResult(live, result ?? emptyPayload, live.outcome.result ?? emptyPayload)
  }
  if (expected === undefined || got === expected) return
  throw new NondeterminismError({
    seq: live.history.total, expected: `the workflow ends here (${expected})`,
    got: got === undefined ? 'the code waits for more' : `the workflow ended (${got})`,
  })
}

function checkResult({ history }: LiveExecution, expected: Payload, got: Payload): void {
  if (expected !== got) throw new NondeterminismError({ seq: history.total, expected: `the result ${expected}`, got: `the result ${got}` })
}
