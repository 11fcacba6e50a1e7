/** Predicates that workflow code waits for. They are looked at after every event, all before any of them wakes its waiter. */
import type { PendingCondition } from '@perdure/workflow/host'
import { SeldomSet } from './seldom.ts'

interface Condition {
  readonly predicate: () => boolean
  readonly resolve: () => void
}

export class Conditions {
  readonly #waiting = new SeldomSet<Condition>()
  #ready: Condition[] = []

  get size(): number {
    return this.#waiting.size
  }

  add(predicate: () => boolean): PendingCondition {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const condition: Condition = { predicate, resolve }
    this.#waiting.add(condition)
    return {
      settled: promise, isWaiting: () => this.#waiting.has(condition),
      remove: (reason) => { if (this.#waiting.delete(condition)) reject(reason) },
    }
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
