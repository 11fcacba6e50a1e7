/**
 * Virtual time for the engine. It stands still, jumps where it is told to, and goes on at the pace of real time only while it is
 * told to flow. Timers are called by whoever takes them (time-driver.ts).
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Clock } from '@perdure/engine'
import { DueList, type Due } from './due-list.ts'

interface Timer extends Due {
  readonly call: () => void
}

// Taken when the module is loaded: whatever replaces them later is not meant for the engine.
const realNow = performance.now.bind(performance)

export class TestClock implements Clock {
  /** Called when a timer was set. */
  onTimer: () => void = () => undefined
  readonly #timers = new DueList<Timer>()
  readonly #beats = new DueList<Timer>()
  #at: number
  #flowsSince: number | undefined
  #order = 0

  constructor(startAt: number) {
    this.#at = startAt
  }

  now(): number {
    return this.#flowsSince === undefined ? this.#at : this.#at + Math.floor(realNow() - this.#flowsSince)
  }

  /** It is the store's clock too. */
  correct(): void {}

  timer(delayMs: number, call: () => void): () => void {
    return this.#set(this.#timers, delayMs, call)
  }

  beat(delayMs: number, call: () => void): () => void {
    return this.#set(this.#beats, delayMs, call)
  }

  get nextTimerAt(): number {
    return this.#timers.first()?.at ?? Infinity
  }

  get nextBeatAt(): number {
    return this.#beats.first()?.at ?? Infinity
  }

  /** The earliest call whose time has come. */
  takeDue(): (() => void) | undefined {
    const now = this.now()
    const from = this.nextBeatAt < this.nextTimerAt ? this.#beats : this.#timers
    return (from.first()?.at ?? Infinity) <= now ? from.take()?.call : undefined
  }

  jumpTo(at: number): void {
    this.#at = Math.max(this.now(), at)
    if (this.#flowsSince !== undefined) this.#flowsSince = realNow()
  }

  flow(flows: boolean): void {
    if (flows === (this.#flowsSince !== undefined)) return
    this.#at = this.now()
    this.#flowsSince = flows ? realNow() : undefined
  }

  #set(list: DueList<Timer>, delayMs: number, call: () => void): () => void {
    const timer: Timer = {
      at: this.now() + Math.max(0, Math.ceil(delayMs)), order: this.#order++, stopped: false, call: AsyncLocalStorage.bind(call),
    }
    list.add(timer)
    this.onTimer()
    return () => { timer.stopped = true }
  }
}
