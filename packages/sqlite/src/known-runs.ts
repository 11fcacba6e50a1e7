import type { RunId } from '@perdure/engine'
import type { Connection } from './connection.ts'
import { knownRunsMax } from './limits.ts'
import { findRun } from './statements/find-run.ts'

/**
 * Row numbers of runs, remembered: they never change, but those of a transaction that was rolled back never were.
 *
 * Two maps that take turns: what was not asked for while the younger filled up is forgotten all at once. To delete the oldest
 * entry of one map at each addition passes over all that were deleted before it: ever slower, a start took four times as long.
 */
export class KnownRuns {
  readonly #connection: Connection
  #young = new Map<RunId, number>()
  #old = new Map<RunId, number>()

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Undefined: there is no such run. */
  idOf(runId: RunId): number | undefined {
    const known = this.#young.get(runId)
    if (known !== undefined) return known
    const id = this.#old.get(runId) ?? this.#connection.get(findRun, runId)?.id
    if (id !== undefined) this.add(runId, id)
    return id
  }

  add(runId: RunId, id: number): void {
    if (this.#young.size >= knownRunsMax / 2) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(runId, id)
  }

  forgetAll(): void {
    this.#young.clear()
    this.#old.clear()
  }
}
