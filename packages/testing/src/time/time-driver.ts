/**
 * Decides when virtual time moves.
 *
 * - T1: time jumps only while the engine is at rest, no activity runs, no prompt call is under way, and somebody waits for something
 *   that takes time: a result, or a sleep of the test.
 * - T2: it jumps to the earliest timer or sleep and no further; what is due there runs, and comes to rest, before the next jump. A
 *   sleep ends after all timers of its time.
 * - T3: while an activity runs time goes on at the pace of real time; otherwise it stands still.
 * - T4: a beat (what the engine looks at again and again) is not passed over when something has happened since the last one.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { DueList, type Due } from './due-list.ts'
import type { TestClock } from './test-clock.ts'

export interface TimeDriverParts {
  readonly clock: TestClock
  /** Time is that of the world: it never jumps. */
  readonly isReal: boolean
  /** Nothing is under way in the engine and its store but activities. */
  readonly atRest: () => boolean
  /** Activities that do something else than sleep in virtual time. */
  readonly activitiesRunning: () => number
  /** Somebody waits for what may take long. */
  readonly wanted: () => boolean
  /** It is wanted that time passes, and there is nothing that time would bring. */
  readonly onStuck: () => void
  /** Everything is at rest; time is about to jump, or to stand still. */
  readonly onRest: () => void
}

interface Sleeper extends Due {
  readonly resolve: () => void
}

/** Whoever awaited something has so many rounds of the event loop to say what it wants next. */
const quietRounds = 3
/** After so many rounds without rest something waits for real time: a database that is busy, for example. */
const restlessRounds = 50
const restlessPauseMs = 1

// Taken when the module is loaded: whatever replaces them later is not meant for the engine.
const { setImmediate: startImmediate, setTimeout: startTimeout, clearTimeout: stopTimeout } = globalThis
const outside = AsyncLocalStorage.snapshot()
const timeoutMsMax = 2 ** 31 - 1

export class TimeDriver {
  readonly #parts: TimeDriverParts
  readonly #sleepers = new DueList<Sleeper>()
  #order = 0
  #scheduled = false
  #realTimer: ReturnType<typeof setTimeout> | undefined
  #quiet = 0
  #restless = 0
  /** Since the last beat nothing has happened. */
  #beaten = false
  #stopped = false

  constructor(parts: TimeDriverParts) {
    this.#parts = parts
    parts.clock.onTimer = () => this.poke()
  }

  /** Something stirred: look soon. */
  readonly poke = (): void => {
    this.#quiet = 0
    this.#lookSoon()
  }

  /** Something happened, and a beat may find what follows from it. */
  readonly happened = (): void => {
    this.#beaten = false
    this.poke()
  }

  /** Resolves when virtual time has moved on by so much and all that was due is done. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#sleepers.add({ at: this.#parts.clock.now() + ms, order: this.#order++, stopped: false, resolve })
      this.happened()
    })
  }

  stop(): void {
    this.#stopped = true
    stopTimeout(this.#realTimer)
    for (let sleeper = this.#sleepers.take(); sleeper !== undefined; sleeper = this.#sleepers.take()) sleeper.resolve()
  }

  #lookSoon(): void {
    if (this.#scheduled || this.#stopped) return
    stopTimeout(this.#realTimer)
    this.#scheduled = true
    outside(startImmediate, () => this.#look())
  }

  #lookAfter(ms: number): void {
    stopTimeout(this.#realTimer)
    this.#realTimer = outside(startTimeout, () => this.#lookSoon(), Math.min(Math.max(0, ms), timeoutMsMax))
  }

  #look(): void {
    this.#scheduled = false
    if (this.#stopped) return
    const { clock, isReal, atRest, activitiesRunning, wanted, onRest, onStuck } = this.#parts
    const due = clock.takeDue()
    if (due !== undefined) return this.#call(due)
    if (!atRest()) return this.#awaitRest()
    this.#restless = 0
    if (isReal || activitiesRunning() > 0) {
      if (isReal) onRest()
      clock.flow(true)
      return this.#awaitRealTime()
    }
    clock.flow(false)
    if (++this.#quiet < quietRounds) return this.#lookSoon()
    this.#quiet = 0
    onRest()
    if (this.#wake()) return this.#lookSoon()
    if (this.#sleepers.first() === undefined && !wanted()) return
    if (this.#jump()) this.#lookSoon()
    else onStuck()
  }

  #call(due: () => void): void {
    this.#quiet = 0
    due()
    this.#lookSoon()
  }

  #awaitRest(): void {
    this.#quiet = 0
    if (++this.#restless < restlessRounds) return this.#lookSoon()
    this.#parts.clock.flow(true)
    this.#lookAfter(restlessPauseMs)
  }

  #awaitRealTime(): void {
    const { clock } = this.#parts
    if (this.#wake()) return this.#lookSoon()
    const at = Math.min(clock.nextTimerAt, clock.nextBeatAt, this.#sleepers.first()?.at ?? Infinity)
    if (at !== Infinity) this.#lookAfter(at - clock.now())
  }

  /** One sleep whose time has come. */
  #wake(): boolean {
    const { clock } = this.#parts
    if ((this.#sleepers.first()?.at ?? Infinity) > clock.now()) return false
    this.#sleepers.take()?.resolve()
    return true
  }

  #jump(): boolean {
    const { clock } = this.#parts
    const target = Math.min(clock.nextTimerAt, this.#sleepers.first()?.at ?? Infinity)
    const beatAt = clock.nextBeatAt
    if (!this.#beaten && beatAt < target) {
      this.#beaten = true
      clock.jumpTo(beatAt)
      return true
    }
    if (target === Infinity) return false
    this.#beaten = false
    clock.jumpTo(target)
    return true
  }
}
