/** The executions this incarnation owns, least recently used first, and how many of them are in memory. */
import type { RunId } from '../protocol/ids.ts'
import type { OwnedExecution } from './owned-execution.ts'

export class ExecutionTable {
  readonly #byRun = new Map<RunId, OwnedExecution>()
  /** In memory, in order of last use, with the bytes of their histories then. */
  readonly #live = new Map<OwnedExecution, number>()
  #liveBytes = 0
  readonly #ofQueue = new Map<string, number>()

  get size(): number {
    return this.#byRun.size
  }

  get liveCount(): number {
    return this.#live.size
  }

  get liveBytes(): number {
    return this.#liveBytes
  }

  countOf(taskQueue: string): number {
    return this.#ofQueue.get(taskQueue) ?? 0
  }

  get(runId: RunId): OwnedExecution | undefined {
    return this.#byRun.get(runId)
  }

  all(): Iterable<OwnedExecution> {
    return this.#byRun.values()
  }

  add(owned: OwnedExecution): void {
    this.remove(owned)
    this.#byRun.set(owned.runId, owned)
    this.#ofQueue.set(owned.record.taskQueue, this.countOf(owned.record.taskQueue) + 1)
  }

  remove(owned: OwnedExecution): void {
    if (this.#byRun.get(owned.runId) === owned) {
      this.#byRun.delete(owned.runId)
      this.#ofQueue.set(owned.record.taskQueue, this.countOf(owned.record.taskQueue) - 1)
    }
    this.#forget(owned)
  }

  touch(owned: OwnedExecution): void {
    this.#forget(owned)
    if (owned.live === undefined) return
    this.#live.set(owned, owned.bytes)
    this.#liveBytes += owned.bytes
  }

  /** Least recently used first. */
  liveByAge(): Iterable<OwnedExecution> {
    return this.#live.keys()
  }

  #forget(owned: OwnedExecution): void {
    this.#liveBytes -= this.#live.get(owned) ?? 0
    this.#live.delete(owned)
  }
}
