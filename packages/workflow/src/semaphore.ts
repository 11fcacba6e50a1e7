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
  readonly #waiting: Trigger<void>[] = []

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
      const next = this.#waiting.shift()
      // The permit is handed on: nobody who comes meanwhile goes before.
      if (next === undefined) this.#free++
      else next.resolve()
    }
  }

  async #turn(): Promise<void> {
    const turn = new Trigger<void>()
    this.#waiting.push(turn)
    try {
      await turn
    } catch (error) {
      this.#waiting.splice(this.#waiting.indexOf(turn), 1)
      throw error
    }
  }
}
