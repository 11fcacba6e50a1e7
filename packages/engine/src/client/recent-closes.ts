/**
 * Closes that this process was told of before anybody waited; null: too large to keep, ask the store. Two maps that take turns:
 * to delete the oldest entry of one map each time passes over all that were deleted before it.
 */
import { recentCloseCharactersMax, recentClosesMax } from '../limits.ts'
import type { ClosedExecution } from '../ports/store.ts'
import type { RunId } from '../protocol/ids.ts'

export class RecentCloses {
  #young = new Map<RunId, ClosedExecution | null>()
  #old = new Map<RunId, ClosedExecution | null>()

  add(closed: ClosedExecution): void {
    if (this.#young.size >= recentClosesMax / 2) {
      this.#old = this.#young
      this.#young = new Map()
    }
    const characters = (closed.result?.length ?? 0) + (closed.failure?.length ?? 0)
    this.#young.set(closed.runId, characters > recentCloseCharactersMax ? null : closed)
  }

  /** Undefined: nothing was told, or it is forgotten. */
  take(runId: RunId): ClosedExecution | null | undefined {
    const told = this.#young.get(runId)
    const found = told === undefined ? this.#old.get(runId) : told
    if (found === undefined) return undefined
    this.#young.delete(runId)
    this.#old.delete(runId)
    return found
  }

  clear(): void {
    this.#young.clear()
    this.#old.clear()
  }
}
