import { PerdureError } from './perdure-error.ts'
import { Trigger } from './trigger.ts'

/**
 * Lets so many through at a time; the others wait for their turn, in their order. With one permit it is a lock: for
 * handlers of signals and updates that must not run in between one another.
 * @example
 * const lock = new Semaphore(1)
 * setHandler(deposit, (cents) => lock.run(async () => { balance = await post(balance, cents) }))
 */
export class Semaphore {
  readonly #permits: number
  #free: number
  readonly #waiting: Waiter[] = []

  /** @throws PerdureError OPTIONS_INVALID when `permits` is no whole number from 1 on */
  constructor(permits: number) {
    if (!Number.isSafeInteger(permits) || permits < 1) {
      throw new PerdureError('OPTIONS_INVALID', `new Semaphore() was given ${String(permits)} permits; give a whole number from 1 on`)
    }
    this.#permits = permits
    this.#free = permits
  }

  /** How many were let in and have not ended. */
  get running(): number {
    return this.#permits - this.#free
  }

  /** How many wait for their turn. */
  get waiting(): number {
    return this.#waiting.length
  }

  /** Runs `fn` when it is its turn. One that waits gives up, with a CancelledFailure, when its scope is cancelled. */
  async run<T>(fn: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--
    else await this.#turn()
    try {
      return await fn()
    } finally {
      this.#handOn()
    }
  }

  /** The permit goes to who waits: nobody who comes meanwhile goes before. */
  #handOn(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#free++
    else {
      next.hasPermit = true
      next.turn.resolve()
    }
  }

  async #turn(): Promise<void> {
    const waiter: Waiter = { turn: new Trigger<void>(), hasPermit: false }
    this.#waiting.push(waiter)
    try {
      await waiter.turn
    } catch (error) {
      // It was cancelled, and got the permit before it heard of that.
      if (waiter.hasPermit) this.#handOn()
      else this.#waiting.splice(this.#waiting.indexOf(waiter), 1)
      throw error
    }
  }
}

interface Waiter {
  readonly turn: Trigger<void>
  hasPermit: boolean
}
