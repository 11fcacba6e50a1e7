/** How many activities this worker may run: at once, at once of one queue, and a second. */
import { localWaitMs } from '../../limits.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Millis } from '../../protocol/ids.ts'
import { Pace } from './pace.ts'
import { inPlaceOf, QueueGroups } from './queue-groups.ts'
import { Slots } from './slots.ts'
import type { WorkerSettings } from './worker-settings.ts'

export class ActivityCapacity {
  readonly #all: Slots
  readonly #ofQueue = new Map<string, Slots>()
  readonly #pace: Pace | undefined
  /** To claim for. */
  readonly groups: QueueGroups
  readonly #clock: Clock
  #reserved = 0
  #freedAt = Number.NEGATIVE_INFINITY
  #limited: ReadonlySet<string> | undefined

  constructor(settings: WorkerSettings, clock: Clock) {
    this.#clock = clock
    this.#all = new Slots(settings.maxConcurrentActivities)
    for (const [queue, { maxConcurrentActivities }] of settings.queues) {
      if (maxConcurrentActivities !== undefined) this.#ofQueue.set(queue, new Slots(maxConcurrentActivities))
    }
    this.#pace = settings.activitiesPerSecond === undefined ? undefined : new Pace(clock, settings.activitiesPerSecond)
    this.groups = new QueueGroups(settings.taskQueues, (queue) => this.#ofQueue.has(queue))
  }

  /** Of activities that run, or are about to. */
  get used(): number {
    return this.#all.used - this.#reserved
  }

  /** For claims under way. */
  get reserved(): number {
    return this.#reserved
  }

  /** Queues with limits over all workers, as the last tick saw them. */
  noteLimited(queues: readonly string[]): void {
    this.#limited = new Set(queues)
  }

  /** Whether the store counts the queue's activities, so that each must be claimed. Before the first tick nobody knows. */
  isCounted(queue: string): boolean {
    return this.#limited?.has(queue) !== false
  }

  free(queue: string): number {
    const own = this.#ofQueue.get(queue)?.free ?? Number.POSITIVE_INFINITY
    return Math.min(this.#all.free, this.#pace?.ready ?? Number.POSITIVE_INFINITY, own)
  }

  /** A slot is free, or may be in a moment: claims under way hold some, or one was given back a moment ago. */
  isFreeSoon(queue: string): boolean {
    if (this.free(queue) > 0) return true
    if (this.#pace !== undefined && this.#pace.ready === 0) return false
    return this.#reserved > 0 || this.#clock.now() - this.#freedAt < localWaitMs
  }

  /** Slots are free, and only the pace forbids to begin: until then. */
  get pausedUntil(): Millis | undefined {
    return this.#pace !== undefined && this.#all.free > 0 && this.#pace.ready === 0 ? this.#pace.nextAt : undefined
  }

  /**
   * Slots for what a claim may bring, so that nothing else takes them meanwhile.
   * @param most beside executions of its own: of them and of half of those that are free the fewer; Infinity: all that are free
   */
  reserve(group: readonly string[], most: number): number {
    const queue = inPlaceOf(group)
    const free = this.free(queue)
    const count = most === Number.POSITIVE_INFINITY ? free : Math.min(most, Math.ceil(free / 2))
    for (let taken = 0; taken < count; taken++) this.take(queue)
    this.#reserved += count
    return count
  }

  /** Ends a reservation: as many as were brought stay taken. */
  settle(group: readonly string[], reserved: number, brought: number): void {
    if (brought > 0) this.groups.served(group)
    for (let unused = reserved - brought; unused > 0; unused--) this.giveBackUnused(inPlaceOf(group))
    this.#reserved -= reserved
  }

  tryTake(queue: string): boolean {
    if (this.free(queue) <= 0) return false
    this.take(queue)
    return true
  }

  take(queue: string): void {
    this.#all.take()
    this.#ofQueue.get(queue)?.take()
    this.#pace?.take()
  }

  giveBack(queue: string): void {
    this.#freedAt = this.#clock.now()
    this.#all.giveBack()
    this.#ofQueue.get(queue)?.giveBack()
  }

  /** Its slot was given back: when what waited for it may begin. Undefined: others were free, and nothing waited for this one. */
  nextAfter(queue: string): Millis | undefined {
    if (this.#all.free !== 1 && this.#ofQueue.get(queue)?.free !== 1) return undefined
    return this.#pace?.ready === 0 ? this.#pace.nextAt : 0
  }

  /** It never began. */
  giveBackUnused(queue: string): void {
    this.giveBack(queue)
    this.#pace?.giveBack()
  }
}
