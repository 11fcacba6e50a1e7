/**
 * Who waits for a stage of an update. Owns one timer while somebody waits, and none otherwise. Updates are asked about together,
 * each in growing pauses; the worker of this process tells at once, hints shorten the pauses, and neither is needed (I5).
 */
import {
  resultLongMs, resultLongPollMs, resultPollMsMax, resultPollMsMin, resultPollRunsMax, resultUnavailableMsMax, waitingHintMs,
} from '../limits.ts'
import type { Clock } from '../ports/clock.ts'
import type { Notifier } from '../ports/notifier.ts'
import { mayPass } from '../ports/store-error.ts'
import type { Store, UpdateKey, UpdateState } from '../ports/store.ts'
import type { Millis } from '../protocol/ids.ts'

/** Whoever waits for COMPLETED is also told when it never will be. */
export type AwaitedStage = 'ACCEPTED' | 'COMPLETED'

export interface UpdateWaitersParts {
  readonly store: Pick<Store, 'readUpdates'>
  readonly clock: Clock
  readonly notifier: Notifier | undefined
}

interface Waiter {
  readonly key: UpdateKey
  readonly since: Millis
  readonly listeners: Set<Listener>
  dueAt: Millis
  intervalMs: number
}

interface Listener {
  readonly stage: AwaitedStage
  readonly resolve: (state: UpdateState | 'unknown' | 'timed out') => void
  readonly reject: (error: unknown) => void
}

/** No stage will follow that somebody could wait for. */
export function hasCome({ stage, isOpen }: UpdateState, awaited: AwaitedStage): boolean {
  if (stage === 'completed' || stage === 'rejected' || !isOpen) return true
  return awaited === 'ACCEPTED' && stage === 'accepted'
}

export class UpdateWaiters {
  readonly #parts: UpdateWaitersParts
  readonly #waiters = new Map<string, Waiter>()
  #stopTimer: (() => void) | undefined
  #timerAt: Millis = Infinity
  #round: Promise<void> | undefined
  #notBefore: Millis = 0
  #saidAt = Number.NEGATIVE_INFINITY
  #stopped: Error | undefined

  constructor(parts: UpdateWaitersParts) {
    this.#parts = parts
  }

  /** 'unknown': there is no such update. */
  wait(key: UpdateKey, stage: AwaitedStage, timeoutMs: number | undefined): Promise<UpdateState | 'unknown' | 'timed out'> {
    if (this.#stopped !== undefined) return Promise.reject(this.#stopped)
    return new Promise((resolve, reject) => {
      const waiter = this.#waiterOf(key)
      let stop: (() => void) | undefined
      const listener: Listener = {
        stage,
        resolve: (state) => {
          stop?.()
          resolve(state)
        },
        reject: (error) => {
          stop?.()
          reject(error)
        },
      }
      if (timeoutMs !== undefined) stop = this.#parts.clock.timer(timeoutMs, () => this.#leave(waiter, listener))
      waiter.listeners.add(listener)
      this.#arm(waiter.dueAt)
    })
  }

  /** Somebody knows how far it has come. */
  settle(state: UpdateState): void {
    const waiter = this.#waiters.get(textOf(state))
    for (const listener of waiter?.listeners ?? []) {
      if (!hasCome(state, listener.stage)) continue
      waiter?.listeners.delete(listener)
      listener.resolve(state)
    }
    if (waiter?.listeners.size === 0) this.#forget(waiter)
  }

  /** Something may have come further somewhere. */
  hint(): void {
    if (this.#waiters.size === 0) return
    const now = this.#parts.clock.now()
    for (const waiter of this.#waiters.values()) waiter.dueAt = now
    this.#arm(now)
  }

  /** Everybody who waits is told `error`. */
  async stop(error: Error): Promise<void> {
    this.#stopped = error
    for (const waiter of this.#waiters.values()) this.#refuse(waiter, error)
    await this.#round
  }

  #waiterOf(key: UpdateKey): Waiter {
    const known = this.#waiters.get(textOf(key))
    if (known !== undefined) return known
    const now = this.#parts.clock.now()
    this.#sayWaiting(now)
    const waiter = { key, since: now, listeners: new Set<Listener>(), dueAt: now + resultPollMsMin, intervalMs: resultPollMsMin }
    this.#waiters.set(textOf(key), waiter)
    return waiter
  }

  #leave(waiter: Waiter, listener: Listener): void {
    waiter.listeners.delete(listener)
    if (waiter.listeners.size === 0) this.#forget(waiter)
    listener.resolve('timed out')
  }

  #forget({ key }: Waiter): void {
    this.#waiters.delete(textOf(key))
    if (this.#waiters.size === 0) this.#disarm()
  }

  #refuse(waiter: Waiter, error: unknown): void {
    this.#forget(waiter)
    for (const listener of waiter.listeners) listener.reject(error)
  }

  #arm(dueAt: Millis): void {
    const { clock } = this.#parts
    const at = Math.max(dueAt, this.#notBefore)
    if (this.#round !== undefined || at >= this.#timerAt) return
    this.#disarm()
    this.#timerAt = at
    const waitMs = Math.min(Math.max(0, at - clock.now()), resultUnavailableMsMax) // more only when the clock was set back
    this.#stopTimer = clock.timer(waitMs, () => {
      this.#stopTimer = undefined
      this.#timerAt = Infinity
      this.#round = this.#ask().finally(() => {
        this.#round = undefined
        let next = Infinity
        for (const waiter of this.#waiters.values()) next = Math.min(next, waiter.dueAt)
        if (next < Infinity) this.#arm(next)
      })
    })
  }

  #disarm(): void {
    this.#stopTimer?.()
    this.#stopTimer = undefined
    this.#timerAt = Infinity
  }

  async #ask(): Promise<void> {
    const { clock } = this.#parts
    const startedAt = clock.now()
    this.#sayWaiting(startedAt)
    const due = this.#takeDue(startedAt)
    for (let from = 0; from < due.length; from += resultPollRunsMax) {
      await this.#askAbout(due.slice(from, from + resultPollRunsMax))
    }
    // The larger the question, the rarer it is put: never more than a third of the time.
    const now = clock.now()
    this.#notBefore = now + Math.max(resultPollMsMin, 2 * (now - startedAt))
  }

  /** Others hint of closes and updates only while somebody says that it waits. */
  #sayWaiting(now: Millis): void {
    if (now - this.#saidAt < waitingHintMs / 2) return
    this.#saidAt = now
    this.#parts.notifier?.publish('waiting')
  }

  /** Sets when each of them is due next. */
  #takeDue(now: Millis): Waiter[] {
    // Over the interval: the clock was set back.
    const due = [...this.#waiters.values()].filter(({ dueAt, intervalMs }) => dueAt <= now || dueAt > now + intervalMs)
    for (const waiter of due) {
      const max = now - waiter.since > resultLongMs ? resultLongPollMs : resultPollMsMax
      waiter.intervalMs = Math.min(max, waiter.intervalMs * 2)
      waiter.dueAt = now + waiter.intervalMs
    }
    return due
  }

  /** While the database is away the asking goes on. */
  async #askAbout(waiters: readonly Waiter[]): Promise<void> {
    try {
      const states = await this.#parts.store.readUpdates?.(waiters.map(({ key }) => key)) ?? []
      const known = new Set<string>()
      for (const state of states) {
        known.add(textOf(state))
        this.settle(state)
      }
      for (const waiter of waiters) if (!known.has(textOf(waiter.key))) this.#sayUnknown(waiter)
    } catch (error) {
      if (mayPass(error)) return
      for (const waiter of waiters) this.#refuse(waiter, error)
    }
  }

  #sayUnknown(waiter: Waiter): void {
    if (this.#waiters.get(textOf(waiter.key)) !== waiter) return
    this.#forget(waiter)
    for (const listener of waiter.listeners) listener.resolve('unknown')
  }
}

function textOf({ runId, updateId }: UpdateKey): string {
  return `${runId} ${updateId}`
}
