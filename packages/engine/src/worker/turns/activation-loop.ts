/**
 * The one place where workflow code runs. A turn applies at most one step to each execution that is ready, lets all
 * microtasks run, and then looks at what came of it.
 *
 * The drain point: `apply` and `collect` are two immediates queued together. Node runs both in the same check phase with
 * microtasks drained between them and no I/O, so a promise of foreign I/O cannot resume inside an activation.
 */
import { runOutsideWorkflow } from '../../determinism/workflow-context.ts'
import { activationsPerTurnMax } from '../../limits.ts'
import type { OwnedExecution } from '../commits/owned-execution.ts'

export interface ActivationParts {
  /** Reads the history of an execution whose code is not in memory, then wakes it. */
  readonly load: (owned: OwnedExecution) => void
  /** Applies one step: settle, begin, a replayed event, or an input. False: nothing was to do. */
  readonly step: (owned: OwnedExecution) => boolean
  /** Microtasks have run: build what is to be written. True: there is more to step. */
  readonly collect: (owned: OwnedExecution) => boolean
  /** The activation is over; what it wants to write may go. `more`: the next one follows in the next turn. */
  readonly collected: (owned: OwnedExecution, more: boolean) => void
  /** It came to rest. */
  readonly rested: (owned: OwnedExecution) => void
  /** The turn is over, so many came to rest in it. */
  readonly turned: (rested: number) => void
}

export class ActivationLoop {
  readonly #parts: ActivationParts
  #ready: OwnedExecution[] = []
  #active: OwnedExecution[] = []
  #scheduled = false

  constructor(parts: ActivationParts) {
    this.#parts = parts
  }

  get atRest(): boolean {
    return !this.#scheduled
  }

  wake(owned: OwnedExecution): void {
    if (owned.phase !== 'open') return
    this.#add(owned)
    this.#schedule()
  }

  #add(owned: OwnedExecution): void {
    if (!owned.ready) this.#ready.push(owned)
    owned.ready = true
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    runOutsideWorkflow(() => {
      setImmediate(() => this.#applyAll())
      setImmediate(() => this.#collectAll())
    })
  }

  #applyAll(): void {
    const turn = this.#ready.length <= activationsPerTurnMax ? this.#ready : this.#ready.slice(0, activationsPerTurnMax)
    this.#ready = this.#ready.slice(turn.length)
    for (const owned of turn) {
      owned.ready = false
      if (owned.phase !== 'open') continue
      if (owned.live === undefined) {
        this.#parts.load(owned)
        continue
      }
      owned.live.activating = true
      this.#parts.step(owned)
      this.#active.push(owned)
    }
  }

  #collectAll(): void {
    this.#scheduled = false
    const active = this.#active
    this.#active = []
    let rested = 0
    for (const owned of active) {
      if (owned.live === undefined) continue
      const more = this.#parts.collect(owned)
      if (owned.live !== undefined) owned.live.activating = false
      this.#parts.collected(owned, more)
      if (more) this.#add(owned)
      else {
        this.#parts.rested(owned)
        rested++
      }
    }
    if (rested > 0) this.#parts.turned(rested)
    if (this.#ready.length > 0) this.#schedule()
  }
}
