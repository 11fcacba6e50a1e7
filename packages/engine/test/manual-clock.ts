import type { Clock } from '../src/ports/clock.ts'

/** Time that moves when a test says so. */
export class ManualClock implements Clock {
  #now: number
  #timers: { at: number; call: () => void }[] = []

  constructor(now = 1_000_000) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  correct(): void {}

  timer(delayMs: number, call: () => void): () => void {
    const timer = { at: this.#now + delayMs, call }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer)
    }
  }

  /** The clock is set; timers do not notice. */
  jump(byMs: number): void {
    this.#now += byMs
    for (const timer of this.#timers) timer.at += byMs
  }

  /** Delays from now of the timers that run, shortest first. */
  get pending(): number[] {
    return this.#timers.map((timer) => timer.at - this.#now).sort((one, other) => one - other)
  }

  /** Calls every timer that is due meanwhile, in order, and lets follow what it sets off. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    await settled()
    for (;;) {
      const [next] = this.#timers.toSorted((one, other) => one.at - other.at)
      if (next === undefined || next.at > end) break
      this.#timers = this.#timers.filter((each) => each !== next)
      this.#now = Math.max(this.#now, next.at)
      next.call()
      await settled()
    }
    this.#now = end
  }
}

/** Lets promises that need no I/O settle. */
export function settled(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve))
}
