/** How many activities this worker may run: at once, at once of one queue, and a second. */
import type { Clock } from '../ports/clock.ts'
import type { Millis } from '../protocol/ids.ts'
import { Pace } from './pace.ts'
import { Slots } from './slots.ts'
import type { WorkerSettings } from './worker-settings.ts'

export class ActivityCapacity {
  readonly #all: Slots
  readonly #ofQueue = new Map<string, Slots>()
  readonly #pace: Pace | undefined
  readonly #groups: readonly (readonly string[])[]

  constructor(settings: WorkerSettings, clock: Clock) {
    this.#all = new Slots(settings.maxConcurrentActivities)
    for (const [queue, { maxConcurrentActivities }] of settings.queues) {
      if (maxConcurrentActivities !== undefined) this.#ofQueue.set(queue, new Slots(maxConcurrentActivities))
    }
    this.#pace = settings.activitiesPerSecond === undefined ? undefined : new Pace(clock, settings.activitiesPerSecond)
    const together = settings.taskQueues.filter((queue) => !this.#ofQueue.has(queue))
    const alone = settings.taskQueues.filter((queue) => this.#ofQueue.has(queue)).map((queue) => [queue])
    this.#groups = together.length === 0 ? alone : [together, ...alone]
  }

  get used(): number {
    return this.#all.used
  }

  /** Queues to claim for together: those without a limit of their own, then each with one. */
  get groups(): readonly (readonly string[])[] {
    return this.#groups
  }

  /** @param queues one of `groups`, or a queue */
  free(...queues: readonly string[]): number {
    const own = queues.map((queue) => this.#ofQueue.get(queue)?.free ?? Number.POSITIVE_INFINITY)
    return Math.min(this.#all.free, this.#pace?.ready ?? Number.POSITIVE_INFINITY, ...own)
  }

  /** Slots are free, and only the pace forbids to begin: until then. */
  get pausedUntil(): Millis | undefined {
    return this.#pace !== undefined && this.#all.free > 0 && this.#pace.ready === 0 ? this.#pace.nextAt : undefined
  }

  tryTake(queue: string): boolean {
    if (this.free(queue) <= 0) return false
    this.take(queue)
    return true
  }

  /** Of what is ours already, such as a claimed task: over the limit for a moment when others took slots meanwhile. */
  take(queue: string): void {
    this.#all.take()
    this.#ofQueue.get(queue)?.take()
    this.#pace?.take()
  }

  giveBack(queue: string): void {
    this.#all.giveBack()
    this.#ofQueue.get(queue)?.giveBack()
  }

  /** It never began. */
  giveBackUnused(queue: string): void {
    this.giveBack(queue)
    this.#pace?.giveBack()
  }
}
