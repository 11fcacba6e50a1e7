/** Programs on a real worker: what the store holds of them is what their code makes of their log, replayed cold after every event. */
import { createMemoryStore } from '@perdure/testing'
import type { EventRecord } from '../../packages/engine/src/protocol/transition.ts'
import { ManualClock } from '../../packages/engine/test/manual-clock.ts'
import { eventsBeforeCall, isJoinedRecord } from '../../packages/engine/src/worker/executions/execution-steps.ts'
import { applyAtOnce, replayByWorker, type Subject } from './cold-run.ts'
import { failureText, startedAt } from './instance-text.ts'
import { programOf } from './program-choice.ts'
import { choicesOf } from './random.ts'
import { differenceOf, type Checked, type Difference } from './check.ts'
import { runOnWorker, type WorkerRun } from './worker-run.ts'

export async function checkOnWorker(number: number): Promise<Checked> {
  const program = programOf(number)
  const random = choicesOf(number ^ 0x30b0)
  const clock = new ManualClock(startedAt)
  const maxCachedWorkflows = random.chance(0.5) ? 1_000 : 0
  const store = createMemoryStore({ now: () => clock.now() })
  const run = await runOnWorker({ program, random, clock, store, maxCachedWorkflows, inTurn: false })
  const difference = await differenceOfRun({ program, record: run.record }, run)
  const facts = new Set([...run.log.map(({ type }) => `worker: ${type}`), `worker: ${endOf(run).split(' ')[0]}`])
  return { number, home: `on a worker with a cache of ${maxCachedWorkflows}`, program, log: run.log, batches: [], facts, difference }
}

export async function differenceOfRun(subject: Subject, run: WorkerRun): Promise<Difference | undefined> {
  const { log } = run
  for (let length = 0; length <= log.length; length++) {
    if (length < eventsBeforeCall(log) || !isBoundary(log, length)) continue
    const events = log.slice(0, length)
    const cold = await replayByWorker(subject, events)
    // Where the very first activation failed, its patches were never written.
    if (run.record.firstTaskAt !== null || length < log.length) {
      const atOnce = await applyAtOnce(subject, events, 0)
      const difference = differenceOf('all events come at once, and not by a worker that loads it', length, cold, atOnce)
      if (difference !== undefined) return difference
    }
    if (length < log.length) continue
    const { end } = cold.state
    const memory = cold.state.memory?.split('\n').slice(1)
    const lived = run.record.held === null ? endOf(run) : stoodBefore(run, end)
    const seen = { state: { end: lived, ...(run.trace === undefined ? {} : { memory: run.trace.join('\n') }) } }
    const shown = ['held', 'continuedAsNew'].find((each) => end.startsWith(each)) ?? end
    const replayed = { state: { end: shown, memory: memory?.join('\n') ?? '' } }
    return differenceOf('a worker loads it, after a life on a real worker', length, seen, replayed)
  }
  return undefined
}

/**
 * Of one that is held the last activation failed, which is as if it had not been: it stands where it stood before, in its end where
 * a message came before the close. One whose first activation failed fails again when it is called.
 */
function stoodBefore({ record, hasUnread }: WorkerRun, end: string): string {
  if (record.firstTaskAt === null) return 'held'
  return hasUnread && /^(completed|failed|cancelled|continuedAsNew)/.test(end) ? end : 'open'
}

/** No commit ends between a mark and the event whose activation asked for the patch, nor in the middle of an activation. */
function isBoundary(log: readonly EventRecord[], length: number): boolean {
  const [before, next] = [log[length - 1], log[length]]
  return !(before?.type === 'PatchMarked' && length > eventsBeforeCall(log)) && (next === undefined || !isJoinedRecord(next))
}

/** As an instance in memory tells its end. */
export function endOf({ record }: WorkerRun): string {
  switch (record.status) {
    case 'RUNNING': return record.held === null ? 'open' : 'held'
    case 'CONTINUED_AS_NEW': return 'continuedAsNew'
    case 'COMPLETED': return `completed ${record.result}`
    default: return `${record.status.toLowerCase()} ${record.failure === null ? '' : failureText(record.failure)}`
  }
}
