/** Replays an execution of a database against code, and looks whether the code comes to where the execution is. */
import type { LiveExecution } from '../execution/live-execution.ts'
import { NondeterminismError } from '../execution/nondeterminism-error.ts'
import type { ActivityTask } from '../protocol/activity-task.ts'
import type { ExecutionRecord } from '../protocol/execution-record.ts'
import type { EventRecord } from '../protocol/transition.ts'
import { type ReplayOptions, replayReadOnly } from '../worker/read-only-replay.ts'

/**
 * @param tasks its rows, read before the events: what they belong to was asked for by those
 * @throws NondeterminismError with the place in the code; what the code makes it fail with
 */
export async function replayStored(options: ReplayOptions, events: readonly EventRecord[], tasks: readonly ActivityTask[]): Promise<void> {
  // Nobody has run its code yet.
  if (options.record.firstTaskAt === null && events.length === 0) return
  try {
    await replayOnce(options, events, tasks)
  } catch (error) {
    if (!(error instanceof NondeterminismError)) throw error
    // Once more, slowly, for the place.
    await replayOnce({ ...options, captureLocations: true }, events, tasks)
    throw error
  }
}

async function replayOnce(options: ReplayOptions, events: readonly EventRecord[], tasks: readonly ActivityTask[]): Promise<void> {
  const live = await replayReadOnly(options, events)
  for (const { command, activityType } of tasks) {
    if (live.pending.describe(command) === `activity '${activityType}'`) continue
    throw live.mismatch(`a scheduled activity '${activityType}' for command ${command}`, command)
  }
  checkEnd(live, options.record)
}

const ends = { COMPLETED: 'completed', FAILED: 'failed', CANCELLED: 'cancelled' } as const

function checkEnd(live: LiveExecution, { status }: ExecutionRecord): void {
  const expected = ends[status as keyof typeof ends] as typeof ends[keyof typeof ends] | undefined
  const got = live.outcome?.type
  if (expected === undefined || got === expected) return
  throw new NondeterminismError({
    seq: live.historyLength, expected: `the workflow ends here (${expected})`,
    got: got === undefined ? 'the code waits for more' : `the workflow ended (${got})`,
  })
}
