import type { RunId } from '@perdure/engine'
import type { Connection } from './connection.ts'
import { knownRunsMax } from './limits.ts'
import { findRun } from './statements/find-run.ts'

/** Row numbers of runs, remembered: they never change, but those of a transaction that was rolled back never were. */
export class KnownRuns {
  readonly #connection: Connection
  readonly #ids = new Map<RunId, number>()

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Undefined: there is no such run. */
  idOf(runId: RunId): number | undefined {
    return this.#ids.get(runId) ?? this.#remember(runId, this.#connection.get(findRun, runId)?.id)
  }

  add(runId: RunId, id: number): void {
    this.#remember(runId, id)
  }

  forgetAll(): void {
    this.#ids.clear()
  }

  #remember(runId: RunId, id: number | undefined): number | undefined {
    if (id === undefined) return undefined
    if (this.#ids.size >= knownRunsMax) {
      for (const oldest of this.#ids.keys()) {
        this.#ids.delete(oldest)
        break
      }
    }
    this.#ids.set(runId, id)
    return id
  }
}
