/** Predicates that workflow code waits for. They are looked at after every event, all before any of them wakes its waiter. */
import { SeldomSet } from './seldom.ts'

interface Condition {
  readonly predicate: () => boolean
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

export class Conditions {
  readonly #waiting = new SeldomSet<Condition>()
  #ready: Condition[] = []

  get size(): number {
    return this.#waiting.size
  }

  add(predicate: () => boolean): { readonly settled: Promise<void>; remove(): void } {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const condition: Condition = { predicate, resolve, reject }
    this.#waiting.add(condition)
    return { settled: promise, remove: () => void this.#waiting.delete(condition) }
  }

  /** Marks those that hold now; true if there are any. A throwing predicate is the caller's to handle. */
  look(): boolean {
    for (const condition of this.#waiting) if (condition.predicate()) this.#ready.push(condition)
    return this.#ready.length > 0
  }

  wake(): void {
    const ready = this.#ready
    this.#ready = []
    for (const condition of ready) {
      if (this.#waiting.delete(condition)) condition.resolve()
    }
  }
}
