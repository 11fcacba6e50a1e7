/** Lets so many pieces of work run at once; the others wait for their turn, first come first served. */
import { Slots } from '../context/slots.ts'

export class QueryTurns {
  readonly #slots: Slots
  readonly #waitingMax: number
  readonly #waiting: (() => void)[] = []

  constructor(size: number, waitingMax: number) {
    this.#slots = new Slots(size)
    this.#waitingMax = waitingMax
  }

  /** Rejects with what `work` rejects with, and when too many wait already. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (!this.#slots.tryTake()) await this.#wait()
    try {
      return await work()
    } finally {
      // A slot goes from hand to hand, so that nobody who comes later can take it first.
      const next = this.#waiting.shift()
      if (next === undefined) this.#slots.giveBack()
      else next()
    }
  }

  #wait(): Promise<void> {
    if (this.#waiting.length >= this.#waitingMax) {
      throw new Error(`${this.#waiting.length} queries wait for this worker already; ask fewer at a time`)
    }
    return new Promise((resolve) => void this.#waiting.push(resolve))
  }
}
