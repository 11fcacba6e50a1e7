/** Replays an execution of a database against code, and looks whether the code comes to where the execution is. */
import type { LiveExecution } from '../execution/live-execution.ts'
import { NondeterminismError } from '../execution/nondeterminism-error.ts'
import type { Store } from '../ports/store.ts'
import type { ActivityTask } from '../protocol/activity-task.ts'
import type { ExecutionRecord } from '../protocol/execution-record.ts'
import { encodeFailure, type FailureCodec, plainFailures } from '../protocol/failure-codec.ts'
import type { Millis } from '../protocol/ids.ts'
import type { InboxMessage } from '../protocol/inbox-message.ts'
import { decodePayload } from '../protocol/payload-codec.ts'
import { emptyPayload, type Payload } from '../protocol/payload.ts'
import type { EventRecord } from '../protocol/transition.ts'
import type { WorkflowFunction } from '../registry.ts'
import { readHistory } from '../worker/executions/history-reader.ts'
import { type ReplayOptions, replayReadOnly } from '../worker/executions/read-only-replay.ts'

/**
 * @param tasks its rows, read before the events: what they belong to was asked for by those
 * @param unread its inbox. Of one that is held it is what the code had failed at, or may have, with timers that are due: that is tried too
 * @throws NondeterminismError with the place in the code; what the code makes it fail with
 */
export async function replayStored(
  options: ReplayOptions, events: readonly EventRecord[], tasks: readonly ActivityTask[], unread: readonly InboxMessage[],
): Promise<void> {
  if (isUntouched(options.record, events)) return
  checkEnd(await replayed(options, events, tasks), options.record)
  if (options.record.held !== null) await replayReadOnly(options, events, { unread, dueTimers: true })
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
 * Reads an execution that nobody runs meanwhile, and whose last worker left it in order; and replays it.
 * @throws as `replayStored` does; NondeterminismError also where it waits, and the code does not
 */
export async function replayCold(
  store: Store, record: ExecutionRecord, fn: WorkflowFunction,
  code: Pick<ReplayOptions, 'interceptors' | 'values' | 'failureErrorTypes'> = {},
): Promise<void> {
  const tasks = await store.readTasks(record.runId)
  const events = await readHistory(store, record.runId)
  if (isUntouched(record, events)) return
  const { startedAt, firstTaskAt } = record
  const lastAt = Math.max(events.at(-1)?.at ?? startedAt, firstTaskAt ?? startedAt)
  const live = await replayed({ record, fn, ...code, wallClock: () => events.at(-1)?.at ?? startedAt }, events, tasks)
  checkEnd(live, record)
  if (live.outcome === undefined || !isWaiting(record, lastAt)) return
  throw new NondeterminismError({
    seq: live.history.length, expected: 'the workflow waits here', got: `the workflow ended (${live.outcome.type})`,
  })
}

/** Nobody has run its code yet, and nobody has tried. */
function isUntouched({ firstTaskAt, held }: ExecutionRecord, events: readonly EventRecord[]): boolean {
  return firstTaskAt === null && held === null && events.length === 0
}

/** It has nothing to do by itself before that time is over. */
function isWaiting({ status, owner, held, wakeAt }: ExecutionRecord, lastAt: Millis): boolean {
  return status === 'RUNNING' && owner === null && held === null && (wakeAt === null || wakeAt > lastAt)
}

const ends = { COMPLETED: 'completed', FAILED: 'failed', CANCELLED: 'cancelled', CONTINUED_AS_NEW: 'continuedAsNew' } as const

function checkEnd(live: LiveExecution, { status, result, failure }: ExecutionRecord): void {
  const expected = ends[status as keyof typeof ends] as typeof ends[keyof typeof ends] | undefined
  const { outcome } = live
  const got = outcome?.type
  if (outcome?.type === 'completed' && got === expected) {
    return checkResult(live, result ?? emptyPayload, outcome.result ?? emptyPayload)
  }
  if ((outcome?.type === 'failed' || outcome?.type === 'cancelled') && got === expected) return checkFailure(live, failure, outcome.error)
  if (expected === undefined || got === expected) return
  throw new NondeterminismError({
    seq: live.history.total, expected: `the workflow ends here (${expected})`,
    got: got === undefined ? 'the code waits for more' : `the workflow ended (${got})`,
  })
}

/** Where in the code it came about is no part of it. */
function checkFailure({ history, values: { failures } }: LiveExecution, stored: Payload | null, error: unknown): void {
  const [expected, got] = [stored ?? emptyPayload, failures.encode(error)].map((each) => textOf(each, failures))
  if (expected === got) return
  throw new NondeterminismError({ seq: history.length, expected: `the failure ${expected}`, got: `the failure ${got}` })
}

function textOf(failure: Payload, failures: FailureCodec): string {
  if (failure === emptyPayload) return 'none'
  const text = withoutPlaces(failure)
  // Attributes that a converter encoded have the place in them, beside the message.
  return failures === plainFailures ? text : `${text}, read as ${withoutPlaces(encodeFailure(failures.decode(failure)))}`
}

const places: ReadonlySet<string> = new Set(['stackTrace', 'encodedAttributes'])

function withoutPlaces(failure: Payload): string {
  return JSON.stringify(decodePayload(failure), (name, value: unknown) => places.has(name) ? undefined : value)
}

function checkResult({ history }: LiveExecution, expected: Payload, got: Payload): void {
  if (expected !== got) throw new NondeterminismError({ seq: history.total, expected: `the result ${expected}`, got: `the result ${got}` })
}
