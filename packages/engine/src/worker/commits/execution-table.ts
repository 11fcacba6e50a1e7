/** The executions this incarnation owns, least recently used first, and how many of them are in memory. */
import type { RunId } from '../../protocol/ids.ts'
import type { OwnedExecution } from './owned-execution.ts'

export class ExecutionTable {
  readonly #byRun = new Map<RunId, OwnedExecution>()
  /**
   * Those in memory, in order of last use: a list through the executions themselves. Of a Map that entries leave and come back
   * to at every step, whoever asks for the oldest passes over all that left before it.
   */
  #oldest: OwnedExecution | undefined
  #newest: OwnedExecution | undefined
  #liveCount = 0
  #liveBytes = 0
  readonly #ofQueue = new Map<string, number>()
  #reserved = 0

  get size(): number {
    return this.#byRun.size
  }

  /** With the places that are reserved. */
  get taken(): number {
    return this.#byRun.size + this.#reserved
  }

  get liveCount(): number {
    return this.#liveCount
  }

  get liveBytes(): number {
    return this.#liveBytes
  }

  /** With the places that are reserved. */
  countOf(taskQueue: string): number {
    return this.#ofQueue.get(taskQueue) ?? 0
  }

  /** A place for an execution that a commit is to start here. Returns what gives it back, once. */
  reserve(taskQueue: string): () => void {
    const change = (by: number): void => {
      this.#reserved += by
      this.#ofQueue.set(taskQueue, this.countOf(taskQueue) + by)
    }
    change(1)
    let isReserved = true
    return () => {
      if (isReserved) change(-1)
      isReserved = false
    }
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
    // The same object again: it happens at every step.
    const use = owned.use ?? { older: undefined, newer: undefined, bytes: 0 }
    this.#forget(owned)
    if (owned.live === undefined) return
    use.older = this.#newest
    use.newer = undefined
    use.bytes = owned.bytes
    owned.use = use
    if (this.#newest?.use === undefined) this.#oldest = owned
    else this.#newest.use.newer = owned
    this.#newest = owned
    this.#liveCount++
    this.#liveBytes += owned.bytes
  }

  /** It is about to leave: it is not counted among those in memory, and nobody looks at it, until it is touched again. */
  rest(owned: OwnedExecution): void {
    this.#forget(owned)
  }

  /** Least recently used first. The one that was yielded may be touched or removed meanwhile. */
  *liveByAge(): Iterable<OwnedExecution> {
    let next: OwnedExecution | undefined
    for (let owned = this.#oldest; owned !== undefined; owned = next) {
      next = owned.use?.newer
      yield owned
    }
  }

  #forget(owned: OwnedExecution): void {
    const { use } = owned
    if (use === undefined) return
    if (use.older?.use === undefined) this.#oldest = use.newer
    else use.older.use.newer = use.newer
    if (use.newer?.use === undefined) this.#newest = use.older
    else use.newer.use.older = use.older
    // One that has left must not point at those that come after it: where it has grown old, it would keep them until all is collected.
    use.older = undefined
    use.newer = undefined
    owned.use = undefined
    this.#liveCount--
    this.#liveBytes -= use.bytes
  }
}
