import { paceBurstShare } from '../../limits.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Millis } from '../../protocol/ids.ts'

/** So many things a second, evenly: a token bucket that holds a fraction of a second. */
export class Pace {
  readonly #clock: Clock
  readonly #perSecond: number
  readonly #burst: number
  #tokens: number
  #filledAt: Millis

  constructor(clock: Clock, perSecond: number) {
    this.#clock = clock
    this.#perSecond = perSecond
    this.#burst = Math.max(1, perSecond * paceBurstShare)
    this.#tokens = this.#burst
    this.#filledAt = clock.now()
  }

  /** How many may begin now. */
  get ready(): number {
    this.#fill()
    return Math.max(0, Math.floor(this.#tokens))
  }

  /** May go below zero for what had to begin: it is made up for. */
  take(): void {
    this.#fill()
    this.#tokens--
  }

  /** What was taken and not used. */
  giveBack(): void {
    this.#tokens = Math.min(this.#burst, this.#tokens + 1)
  }

  /** When the next may begin. */
  get nextAt(): Millis {
    this.#fill()
    return this.#clock.now() + Math.ceil((Math.max(0, 1 - this.#tokens) / this.#perSecond) * 1_000)
  }

  #fill(): void {
    const now = this.#clock.now()
    this.#tokens = Math.min(this.#burst, this.#tokens + (Math.max(0, now - this.#filledAt) / 1_000) * this.#perSecond)
    this.#filledAt = now
  }
}
