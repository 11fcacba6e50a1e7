/**
 * Local activities whose unit is durable and that find no free slot. They wait a moment in memory: slots are taken for
 * claims under way and by short activities, and a row costs two commits. What still waits after that becomes a row.
 */
import { localWaitMs } from '../../limits.ts'
import type { ActivityTask } from '../../protocol/activity-task.ts'
import type { CommandNumber, Millis } from '../../protocol/ids.ts'
import type { OwnedExecution } from '../commits/owned-execution.ts'
import type { WorkerContext } from '../context/worker-context.ts'

interface WaitingStart {
  readonly owned: OwnedExecution
  readonly task: ActivityTask
  readonly until: Millis
}

export interface WaitingStartParts {
  readonly context: WorkerContext
  /** Whether it may run here at all, still. */
  readonly mayRun: (task: ActivityTask) => boolean
  /** Its slot is taken. */
  readonly begin: (owned: OwnedExecution, task: ActivityTask) => void
  /** It waited long enough: others may run it. */
  readonly giveUp: (owned: OwnedExecution, task: ActivityTask) => void
}

export class WaitingStarts {
  readonly #parts: WaitingStartParts
  readonly #ofQueue = new Map<string, Set<WaitingStart>>()
  #stopTimer: (() => void) | undefined

  constructor(parts: WaitingStartParts) {
    this.#parts = parts
  }

  add(owned: OwnedExecution, task: ActivityTask): void {
    const { clock } = this.#parts.context
    const waiting = this.#ofQueue.get(task.taskQueue) ?? new Set()
    this.#ofQueue.set(task.taskQueue, waiting.add({ owned, task, until: clock.now() + localWaitMs }))
    owned.starting++
    owned.waiting.add(task.command)
    this.#stopTimer ??= clock.timer(localWaitMs, () => this.#look())
  }

  /** A slot may be free. */
  serve(): void {
    const { context, mayRun, begin, giveUp } = this.#parts
    for (const [queue, waiting] of this.#ofQueue) {
      for (const one of waiting) {
        if (one.owned.phase === 'closing') continue
        const isHere = mayRun(one.task)
        if (isHere && one.owned.phase !== 'gone' && !context.activityCapacity.tryTake(queue)) break
        this.#remove(waiting, one)
        if (one.owned.phase === 'gone') continue
        if (isHere) begin(one.owned, one.task)
        else giveUp(one.owned, one.task)
      }
    }
  }

  /** True: it waited, and does not any more. */
  drop(owned: OwnedExecution, command: CommandNumber): boolean {
    if (!owned.waiting.has(command)) return false
    for (const waiting of this.#ofQueue.values()) {
      for (const one of waiting) if (one.owned === owned && one.task.command === command) this.#remove(waiting, one)
    }
    return true
  }

  /** Those of an execution that leaves, or all: a worker that stops has no slots to wait for. */
  giveUp(owned?: OwnedExecution): void {
    if (owned !== undefined && owned.waiting.size === 0) return
    this.#giveUpWhere((one) => owned === undefined || one.owned === owned)
  }

  stop(): void {
    this.#stopTimer?.()
    this.#stopTimer = undefined
    this.#ofQueue.clear()
  }

  #look(): void {
    const { clock } = this.#parts.context
    this.#stopTimer = undefined
    const now = clock.now()
    this.#giveUpWhere((one) => one.until <= now)
    let next = Number.POSITIVE_INFINITY
    for (const waiting of this.#ofQueue.values()) for (const { until } of waiting) next = Math.min(next, until)
    if (next !== Number.POSITIVE_INFINITY) this.#stopTimer = clock.timer(Math.max(1, next - now), () => this.#look())
  }

  #giveUpWhere(isMeant: (one: WaitingStart) => boolean): void {
    for (const waiting of this.#ofQueue.values()) {
      for (const one of waiting) {
        // A close under way decides: refused, it still waits.
        if (one.owned.phase === 'closing' || !isMeant(one)) continue
        this.#remove(waiting, one)
        if (one.owned.phase !== 'gone') this.#parts.giveUp(one.owned, one.task)
      }
    }
  }

  #remove(waiting: Set<WaitingStart>, one: WaitingStart): void {
    waiting.delete(one)
    one.owned.starting--
    one.owned.waiting.delete(one.task.command)
  }
}
