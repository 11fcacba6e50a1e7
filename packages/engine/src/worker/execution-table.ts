/** The executions this incarnation owns, least recently used first, and how many of them are in memory. */
import type { RunId } from '../protocol/ids.ts'
import type { OwnedExecution } from './owned-execution.ts'

export class ExecutionTable {
  readonly #byRun = new Map<RunId, OwnedExecution>()
  /** In memory, in order of last use. */
  readonly #live = new Set<OwnedExecution>()

  get size(): number {
    return this.#byRun.size
  }

  get liveCount(): number {
    return this.#live.size
  }

  get(runId: RunId): OwnedExecution | undefined {
    return this.#byRun.get(runId)
  }

  all(): Iterable<OwnedExecution> {
    return this.#byRun.values()
  }

  add(owned: OwnedExecution): void {
    this.#byRun.set(owned.runId, owned)
  }

  remove(owned: OwnedExecution): void {
    if (this.#byRun.get(owned.runId) === owned) this.#byRun.delete(owned.runId)
    this.#live.delete(owned)
  }

  touch(owned: OwnedExecution): void {
    this.#live.delete(owned)
    if (owned.live !== undefined) this.#live.add(owned)
  }

  /** Least recently used first. */
  liveByAge(): Iterable<OwnedExecution> {
    return this.#live.values()
  }
}
