/** One process of a simulation: its clock, its fate, and what the database keeps for it while it lives. */
import { createSystemClock, type Clock, type LeaseKeeper } from '@perdure/engine'
import { inContext } from './async-context.ts'
import type { Scheduler, Step, StepOwner } from './scheduler.ts'

const skewMsMax = 600_000

export class VirtualProcess implements StepOwner {
  readonly name: string
  readonly clock: Clock
  readonly waiting: Step[] = []
  readonly leases: LeaseKeeper[] = []
  immediates: (() => void)[] = []
  alive = true
  frozen = false
  /** The database is out of its reach. */
  partitioned = false
  /** It takes no new calls of users: it is leaving. */
  leaving = false
  readonly #scheduler: Scheduler
  #skewMs: number

  constructor(scheduler: Scheduler, name: string, skewMs: number) {
    this.name = name
    this.#scheduler = scheduler
    this.#skewMs = skewMs
    this.clock = createSystemClock({
      now: () => scheduler.now + this.#skewMs,
      startTimer: (call, delayMs) => scheduler.after(delayMs, { owner: this, what: 'timer', run: inContext(call) }),
    })
  }

  /** Its system clock is set, to ten minutes off at most; timers do not notice. */
  jump(byMs: number): void {
    this.#skewMs = Math.max(-skewMsMax, Math.min(skewMsMax, this.#skewMs + byMs))
  }

  /** It vanishes between two steps. `lockFreed`: the database noticed that its connection is gone. */
  crash(lockFreed: boolean): void {
    this.alive = false
    this.waiting.length = 0
    if (lockFreed) this.loseLocks()
  }

  freeze(forMs: number): void {
    this.frozen = true
    this.#scheduler.after(forMs, { owner: undefined, what: `${this.name} goes on`, run: () => this.thaw() })
  }

  thaw(): void {
    if (!this.frozen) return
    this.frozen = false
    this.#scheduler.thaw(this)
  }

  loseLocks(): void {
    for (const lease of this.leases.splice(0)) void lease.stop()
  }
}
