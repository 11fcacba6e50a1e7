/** Calls once at the earliest of the times it was given; a call under way is followed by at most one more. */
import type { Clock } from '../ports/clock.ts'

export class Alarm {
  readonly #clock: Clock
  readonly #call: () => Promise<void>
  #at = Number.POSITIVE_INFINITY
  #stopTimer: (() => void) | undefined
  #running = false
  #again = false
  #stopped = false

  constructor(clock: Clock, call: () => Promise<void>) {
    this.#clock = clock
    this.#call = call
  }

  get running(): boolean {
    return this.#running
  }

  /** 0 or a past time: now. */
  at(time: number): void {
    if (this.#stopped) return
    if (time <= this.#clock.now()) return this.#ring()
    if (time >= this.#at) return
    this.#at = time
    this.#stopTimer?.()
    this.#stopTimer = this.#clock.timer(time - this.#clock.now(), () => {
      this.#at = Number.POSITIVE_INFINITY
      if (this.#clock.now() < time) this.at(time)
      else this.#ring()
    })
  }

  /** After so long, whatever the clock is set to meanwhile; in place of what was given before. */
  after(delayMs: number): void {
    if (this.#stopped) return
    this.#stopTimer?.()
    this.#at = Number.POSITIVE_INFINITY
    this.#stopTimer = this.#clock.timer(delayMs, () => this.#ring())
  }

  stop(): void {
    this.#stopped = true
    this.#stopTimer?.()
  }

  #ring(): void {
    if (this.#running) {
      this.#again = true
      return
    }
    this.#running = true
    void this.#runAll()
  }

  async #runAll(): Promise<void> {
    do {
      this.#again = false
      await this.#call()
    } while (this.#again && !this.#stopped)
    this.#running = false
  }
}
