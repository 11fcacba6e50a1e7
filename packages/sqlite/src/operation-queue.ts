/**
 * Runs the store's operations on its connection: in the order of the calls, those of one turn of the event loop in one
 * transaction (group commit), never waiting inside SQLite for another process.
 *
 * 1. An operation answers after the commit of its transaction, or fails and has changed nothing.
 * 2. Operations are synchronous and may run twice: when one of a group fails, the group is rolled back and each of them
 *    gets a transaction of its own.
 * 3. When the write lock is taken, we go on trying from timers; after a commit, while other processes were seen at
 *    work, we leave the lock to them for a moment. (Two busy writers without that kept a third out for seconds.)
 */
import { StoreBusyError, StoreOutcomeUnknownError, StoreUnavailableError } from '@perdure/engine'
import type { Connection } from './connection.ts'
import {
  busyWaitMs, contentionMs, groupMs, groupOperationsMax, queuedOperationsMax, retryPauseFirstMs, retryPauseLastMs, yieldMs,
} from './limits.ts'
import { isBusy } from './result-code.ts'
import { storeError } from './sqlite-error.ts'

interface Operation {
  readonly writes: boolean
  readonly run: () => unknown
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
}

interface Settled {
  readonly operation: Operation
  readonly result: unknown
}

export interface OperationQueueOptions {
  readonly connection: Connection
  readonly location: string
  /** What was remembered about rows may be wrong: a transaction was rolled back. */
  readonly onRollback: () => void
  /** How long operations wait for the write lock; the bound in limits.ts if not given. */
  readonly busyWaitMs?: number
}

export class OperationQueue {
  readonly #connection: Connection
  readonly #location: string
  readonly #onRollback: () => void
  readonly #busyWaitMs: number
  #waiting: Operation[] = []
  #isScheduled = false
  #isClosed = false
  #drained: (() => void) | undefined
  #busySince: number | undefined
  #pauseMs = retryPauseFirstMs
  #dataVersion = -1
  /** When another process was last seen to hold the lock or to have committed. */
  #othersSeenAt = -Infinity
  #yieldUntil = 0

  constructor(options: OperationQueueOptions) {
    this.#connection = options.connection
    this.#location = options.location
    this.#onRollback = options.onRollback
    this.#busyWaitMs = options.busyWaitMs ?? busyWaitMs
    this.#dataVersion = this.#dataVersionNow()
  }

  read<T>(run: () => T): Promise<T> {
    return this.#submit(false, run)
  }

  write<T>(run: () => T): Promise<T> {
    return this.#submit(true, run)
  }

  /** Lets what waits finish, then refuses more. Works twice. */
  async close(): Promise<void> {
    this.#isClosed = true
    if (this.#waiting.length === 0) return
    await new Promise<void>(resolve => {
      const before = this.#drained
      this.#drained = () => {
        before?.()
        resolve()
      }
    })
  }

  #submit<T>(writes: boolean, run: () => T): Promise<T> {
    if (this.#isClosed) return Promise.reject(new StoreUnavailableError(`The database ${this.#location} is closed`))
    if (this.#waiting.length >= queuedOperationsMax) {
      const message = `${queuedOperationsMax} operations wait for the database ${this.#location}; try again later`
      return Promise.reject(new StoreBusyError(message))
    }
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ writes, run, resolve: result => resolve(result as T), reject })
      this.#schedule(0)
    })
  }

  #schedule(delayMs: number): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    const call = () => {
      this.#isScheduled = false
      this.#work()
      if (this.#waiting.length > 0) this.#schedule(this.#nextDelay())
      else this.#drained?.()
    }
    if (delayMs === 0) setImmediate(call)
    else setTimeout(call, delayMs)
  }

  #nextDelay(): number {
    if (this.#busySince !== undefined) return this.#pauseMs
    const mustYield = this.#waiting[0]?.writes === true && this.#yieldUntil > performance.now() && !this.#othersCommitted()
    return mustYield ? 1 : 0
  }

  #work(): void {
    const firstWrite = this.#waiting.findIndex(operation => operation.writes)
    if (firstWrite !== 0) return this.#runReads(this.#waiting.splice(0, firstWrite === -1 ? this.#waiting.length : firstWrite))
    if (this.#busySince === undefined && this.#nextDelay() > 0) return
    if (!this.#begin()) return
    const group = this.#waiting.splice(0, groupOperationsMax)
    const settled = this.#runGroup(group)
    if (settled === undefined) this.#runSingly(group)
    else this.#waiting.unshift(...group.slice(settled))
  }

  #runReads(reads: readonly Operation[]): void {
    for (const [index, operation] of reads.entries()) {
      try {
        // One snapshot for all statements of the operation.
        this.#connection.beginRead()
        const result = operation.run()
        this.#connection.commit()
        this.#notBusy()
        operation.resolve(result)
      } catch (error) {
        this.#rollback()
        if (!isBusy(error)) {
          operation.reject(storeError(error, this.#location))
          continue
        }
        this.#waiting.unshift(...reads.slice(index))
        return this.#wait(error)
      }
    }
  }

  /** False: the lock is taken, try again later; what waited too long has been refused. */
  #begin(): boolean {
    try {
      this.#connection.beginWrite()
    } catch (error) {
      if (this.#connection.inTransaction) this.#rollback() // it may have begun all the same
      if (isBusy(error)) this.#wait(error)
      else this.#refuse(this.#waiting.splice(0), error)
      return false
    }
    this.#notBusy()
    return true
  }

  #notBusy(): void {
    this.#busySince = undefined
    this.#pauseMs = retryPauseFirstMs
  }

  #wait(error: unknown): void {
    const now = performance.now()
    this.#othersSeenAt = now
    if (this.#busySince === undefined) {
      this.#busySince = now
      return
    }
    this.#pauseMs = Math.min(this.#pauseMs + 1, retryPauseLastMs)
    if (now - this.#busySince < this.#busyWaitMs) return
    this.#notBusy()
    this.#refuse(this.#waiting.splice(0), error)
  }

  /** Runs and commits as many as fit, and says how many; undefined: one of several failed, and all are rolled back. */
  #runGroup(group: readonly Operation[]): number | undefined {
    const done: Settled[] = []
    const until = performance.now() + groupMs
    try {
      for (const operation of group) {
        done.push({ operation, result: operation.run() })
        if (performance.now() > until) break
      }
    } catch (error) {
      this.#rollback()
      if (group.length > 1) return undefined
      this.#refuse(group, error)
      return 1
    }
    if (this.#commit(done)) for (const { operation, result } of done) operation.resolve(result)
    return done.length
  }

  #runSingly(group: readonly Operation[]): void {
    for (const [index, operation] of group.entries()) {
      if (!this.#begin()) {
        this.#waiting.unshift(...group.slice(index))
        return
      }
      this.#runGroup([operation])
    }
  }

  #commit(done: readonly Settled[]): boolean {
    try {
      this.#connection.commit()
      this.#yieldToOthers()
      return true
    } catch (error) {
      const isUndone = this.#connection.inTransaction
      this.#rollback()
      const refusal = isUndone ? error : new StoreOutcomeUnknownError(
        `The commit to ${this.#location} failed (${error instanceof Error ? error.message : ''}): it may or may not have been made`,
        { cause: error },
      )
      this.#refuse(done.map(({ operation }) => operation), refusal)
      return false
    }
  }

  #yieldToOthers(): void {
    const now = performance.now()
    if (this.#othersCommitted()) this.#othersSeenAt = now
    this.#dataVersion = this.#dataVersionNow()
    if (now - this.#othersSeenAt < contentionMs) this.#yieldUntil = now + yieldMs
  }

  #othersCommitted(): boolean {
    return this.#dataVersionNow() !== this.#dataVersion
  }

  /** It only tells when to give way: where it cannot be read, nobody is seen. */
  #dataVersionNow(): number {
    try {
      return this.#connection.dataVersion()
    } catch {
      return this.#dataVersion
    }
  }

  #rollback(): void {
    this.#connection.rollback()
    this.#onRollback()
  }

  #refuse(operations: readonly Operation[], error: unknown): void {
    const refusal = storeError(error, this.#location)
    for (const operation of operations) operation.reject(refusal)
  }
}
