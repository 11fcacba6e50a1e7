/**
 * Who waits for the end of an execution. Owns one timer while somebody waits, and none otherwise.
 *
 * - An execution owned by the worker of this process ends with a call of `settle`: waiting costs an entry in a map, and
 *   the store is asked now and then only, for the case that it went to another worker.
 * - All others are asked about together, each in growing pauses; hints shorten the pauses and are never needed (I5).
 * - While the database is away the asking goes on: whoever waits has bounded it by a timeout, or wants to wait.
 */
import type { PerdureError } from '../error.ts'
import {
  resultLocalPollMs, resultLongMs, resultLongPollMs, resultPollMsMax, resultPollMsMin,
  resultPollRunsMax, resultUnavailableMsMax, waitingHintMs,
} from '../limits.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { Notifier } from '../ports/notifier.ts'
import { mayPass, StoreBusyError } from '../ports/store-error.ts'
import type { ClosedExecution, Store } from '../ports/store.ts'
import type { Millis, RunId } from '../protocol/ids.ts'
import { RecentCloses } from './recent-closes.ts'

export interface WaitOptions {
  /** The worker of this process owns it. */
  readonly local: boolean
  readonly timeoutMs: number | undefined
  /** Asked when the time is over: the error, or the end that came at the last moment. */
  readonly timedOut: () => Promise<ClosedExecution | Error>
}

interface Listener {
  readonly resolve: (closed: ClosedExecution) => void
  readonly reject: (error: unknown) => void
}

interface Waiter {
  readonly local: boolean
  readonly since: Millis
  listeners: readonly Listener[]
  dueAt: Millis
  intervalMs: number
}

export interface ResultWaitersParts {
  readonly store: Store
  readonly clock: Clock
  readonly logger: Logger
  readonly notifier: Notifier | undefined
}

export class ResultWaiters {
  readonly #store: Store
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #notifier: Notifier | undefined
  readonly #waiters = new Map<RunId, Waiter>()
  readonly #recent = new RecentCloses()
  #stopTimer: (() => void) | undefined
  #timerAt: Millis = Infinity
  #round: Promise<void> | undefined
  #hinted = false
  #notBefore: Millis = 0
  #unavailableMs = 0
  #stopped: Error | undefined
  #saidAt = Number.NEGATIVE_INFINITY

  constructor({ store, clock, logger, notifier }: ResultWaitersParts) {
    this.#store = store
    this.#clock = clock
    this.#logger = logger
    this.#notifier = notifier
  }

  wait(runId: RunId, options: WaitOptions): Promise<ClosedExecution> {
    if (this.#stopped !== undefined) return Promise.reject(this.#stopped)
    const recent = this.#recent.take(runId)
    if (recent !== undefined && recent !== null) return Promise.resolve(recent)
    const waiter = this.#waiterOf(runId, options.local, recent === null)
    const waiting = Promise.withResolvers<ClosedExecution>()
    const { timeoutMs, timedOut } = options
    const listener = timeoutMs === undefined ? waiting : this.#limited(runId, waiter, waiting, timeoutMs, timedOut)
    waiter.listeners = waiter.listeners.length === 0 ? [listener] : [...waiter.listeners, listener]
    this.#arm(waiter.dueAt)
    return waiting.promise
  }

  /** Somebody knows of a close: the worker of this process, or whoever closed it from outside. */
  settle(closed: ClosedExecution): void {
    const waiter = this.#waiters.get(closed.runId)
    if (waiter === undefined) {
      this.#recent.add(closed)
      return
    }
    this.#forget(closed.runId)
    for (const listener of waiter.listeners) listener.resolve(closed)
  }

  /** Something may have closed somewhere. */
  hint(): void {
    if (this.#waiters.size === 0) return
    this.#hinted = true
    this.#arm(this.#clock.now())
  }

  /** Everybody who waits is told `error`. */
  async stop(error: Error): Promise<void> {
    this.#stopped = error
    for (const [runId, waiter] of this.#waiters) {
      this.#forget(runId)
      for (const listener of waiter.listeners) listener.reject(error)
    }
    this.#recent.clear()
    await this.#round
  }

  #waiterOf(runId: RunId, local: boolean, isClosed: boolean): Waiter {
    const known = this.#waiters.get(runId)
    const now = this.#clock.now()
    if (known !== undefined) {
      if (isClosed) known.dueAt = now
      return known
    }
    const intervalMs = local ? resultLocalPollMs : resultPollMsMin
    const waiter = { local, since: now, listeners: [], dueAt: isClosed ? now : now + intervalMs, intervalMs }
    this.#waiters.set(runId, waiter)
    if (!local) this.#sayWaiting(now)
    return waiter
  }

  #limited(runId: RunId, waiter: Waiter, listener: Listener, timeoutMs: number, timedOut: WaitOptions['timedOut']): Listener {
    const stop = this.#clock.timer(timeoutMs, () => {
      waiter.listeners = waiter.listeners.filter((each) => each !== limited)
      if (waiter.listeners.length === 0) this.#forget(runId)
      timedOut().then((end) => (end instanceof Error ? listener.reject(end) : listener.resolve(end)), listener.reject)
    })
    const limited: Listener = {
      resolve: (closed) => {
        stop()
        listener.resolve(closed)
      },
      reject: (error) => {
        stop()
        listener.reject(error)
      },
    }
    return limited
  }

  #forget(runId: RunId): void {
    this.#waiters.delete(runId)
    if (this.#waiters.size === 0) this.#disarm()
  }

  #arm(dueAt: Millis): void {
    const at = Math.max(dueAt, this.#notBefore)
    if (this.#round !== undefined || at >= this.#timerAt) return
    this.#disarm()
    this.#timerAt = at
    const waitMs = Math.min(Math.max(0, at - this.#clock.now()), resultUnavailableMsMax) // more only when the clock was set back
    const clock = this.#clock
    this.#stopTimer = (clock.beat ?? clock.timer).call(clock, waitMs, () => {
      this.#stopTimer = undefined
      this.#timerAt = Infinity
      this.#round = this.#ask().finally(() => {
        this.#round = undefined
        this.#rearm()
      })
    })
  }

  #disarm(): void {
    this.#stopTimer?.()
    this.#stopTimer = undefined
    this.#timerAt = Infinity
  }

  #rearm(): void {
    if (this.#waiters.size === 0) return
    let dueAt = this.#hinted ? this.#clock.now() : Infinity
    // Those of this process are asked about for the case of an accident: a while later, so that more are in one question.
    this.#waiters.forEach((waiter) => { dueAt = Math.min(dueAt, waiter.local ? waiter.dueAt + resultLocalPollMs / 2 : waiter.dueAt) })
    this.#arm(dueAt)
  }

  async #ask(): Promise<void> {
    const startedAt = this.#clock.now()
    this.#sayWaiting(startedAt)
    const due = this.#takeDue(startedAt)
    for (let from = 0; from < due.length; from += resultPollRunsMax) {
      if (!(await this.#askAbout(due.slice(from, from + resultPollRunsMax)))) break
    }
    // The larger the question, the rarer it is put: never more than a third of the time.
    const now = this.#clock.now()
    this.#notBefore = now + Math.max(resultPollMsMin, 2 * (now - startedAt), this.#unavailableMs)
  }

  /** Others hint of closes only while somebody says that it waits. */
  #sayWaiting(now: Millis): void {
    if (now - this.#saidAt < waitingHintMs / 2) return
    this.#saidAt = now
    this.#notifier?.publish('waiting')
  }

  /** Sets when each of them is due next. */
  #takeDue(now: Millis): RunId[] {
    const hinted = this.#hinted
    this.#hinted = false
    const due: RunId[] = []
    // Not for-of: there may be ten thousand, of which it would make a pair each.
    this.#waiters.forEach((waiter, runId) => {
      // A local one may have been closed from outside: a hint counts when it is not new.
      const isHinted = hinted && (!waiter.local || now - waiter.since >= resultLocalPollMs)
      const isDue = waiter.dueAt <= now || waiter.dueAt > now + waiter.intervalMs // the clock was set back
      if (!isDue && !isHinted) return
      due.push(runId)
      if (!isDue) return
      const max = waiter.local || now - waiter.since > resultLongMs ? resultLongPollMs : resultPollMsMax
      waiter.intervalMs = Math.min(max, waiter.intervalMs * 2)
      waiter.dueAt = now + waiter.intervalMs
    })
    return due
  }

  /** False: the database is away. */
  async #askAbout(runIds: readonly RunId[]): Promise<boolean> {
    try {
      const closed = await this.#store.readClosed(runIds)
      this.#unavailableMs = 0
      for (const each of closed) if (this.#waiters.has(each.runId)) this.settle(each)
      return true
    } catch (error) {
      if (mayPass(error)) return this.#waitForDatabase(error)
      for (const runId of runIds) {
        const waiter = this.#waiters.get(runId)
        this.#forget(runId)
        for (const listener of waiter?.listeners ?? []) listener.reject(error)
      }
      return false
    }
  }

  #waitForDatabase(error: PerdureError): false {
    if (this.#unavailableMs === 0 && !(error instanceof StoreBusyError)) {
      this.#logger.warn('Waiting for results goes on while the database is away', { reason: error.message, waiting: this.#waiters.size })
    }
    this.#unavailableMs = Math.min(resultUnavailableMsMax, Math.max(resultPollMsMax, this.#unavailableMs * 2))
    return false
  }
}
