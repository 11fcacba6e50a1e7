/**
 * Group commit: while one commit is in flight the next batch gathers, so batches grow with load and an idle commit
 * waits for nothing. One commit is in flight at a time, so an execution's units are durable in their order.
 *
 * - G1: an effect runs only after its unit is durable (I3).
 * - G2: a refused unit never fails its neighbours; a batch the store rejects as a whole is halved until the culprit is alone.
 * - G3: after `fenced` or an unknown outcome nothing more is sent (I4).
 */
import { batchBytesMax, batchMaxOf, batchSplitMin, busyTriesTold, commitRetryMsMax } from '../../limits.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Logger } from '../../ports/logger.ts'
import { StoreBusyError, StoreOutcomeUnknownError, StoreRejectedError, StoreUnavailableError } from '../../ports/store-error.ts'
import type { Store } from '../../ports/store.ts'
import type { Incarnation, RunId } from '../../protocol/ids.ts'
import type { CommitOutcome, OutgoingOutcome, StartOutcome, TransitionOutcome } from '../../protocol/transition.ts'
import { unitBytes, unitTransition } from './commit-unit.ts'
import type { CommitUnit } from './owned-execution.ts'

export interface GroupCommitParts {
  readonly store: Store
  readonly clock: Clock
  readonly logger: Logger
  readonly incarnation: Incarnation
  /** Outcome of a unit; `start` is its start's outcome, if it had one. */
  readonly onOutcome: (
    unit: CommitUnit, outcome: TransitionOutcome, start: StartOutcome | undefined, outgoing?: readonly OutgoingOutcome[],
  ) => void
  /** The store will never take this unit. */
  readonly onRejected: (unit: CommitUnit, error: Error) => void
  /** This incarnation must not write any more. */
  readonly onLost: (reason: string) => void
}

export class GroupCommit {
  readonly #parts: GroupCommitParts
  #queue: CommitUnit[] = []
  /** Closes that let another go first. */
  readonly #waited = new WeakSet<CommitUnit>()
  #running: Promise<void> | undefined
  #stopped = false

  constructor(parts: GroupCommitParts) {
    this.#parts = parts
  }

  get atRest(): boolean {
    return this.#running === undefined
  }

  /** The unit may still change until it is taken into a batch (`owned.sent`). Adding it twice does nothing. */
  add(unit: CommitUnit): void {
    if (this.#stopped) return refuseStarts([unit])
    if (!unit.queued) this.#queue.push(unit)
    unit.queued = true
    this.#running ??= this.#run()
  }

  remove(unit: CommitUnit): void {
    if (unit.queued) this.#queue = this.#queue.filter((queued) => queued !== unit)
    unit.queued = false
  }

  /** Resolves when everything that was added is settled. */
  async settled(): Promise<void> {
    while (this.#running !== undefined) await this.#running
  }

  /** Sends nothing more. Starts that wait are refused. */
  stop(): void {
    this.#stopped = true
    refuseStarts(this.#queue)
    this.#queue = []
  }

  async #run(): Promise<void> {
    await Promise.resolve()
    // Executions that all wait for one commit would move in step, and this process and the database take turns idling. In two
    // halves, one is committed while the code of the other runs; they stay apart.
    const { store } = this.#parts
    const most = batchMaxOf(store)
    const isSplit = store.commitsAside === true && this.#queue.length >= batchSplitMin
    let batch = this.#take(isSplit ? Math.min(most, Math.ceil(this.#queue.length / 2)) : most)
    for (; batch.length > 0 && !this.#stopped; batch = this.#take(most)) await this.#send(batch)
    this.#running = undefined
  }

  /** Units of executions in the middle of an activation stay: what follows from their events belongs to the same commit. */
  #take(most: number): CommitUnit[] {
    let bytes = 0
    const batch: CommitUnit[] = []
    const rest: CommitUnit[] = []
    for (const unit of this.#queue) {
      const isFull = batch.length >= most || bytes > batchBytesMax
      const more = isFull || unit.owned.settling || unit.owned.live?.activating === true ? undefined : unitBytes(unit)
      if (more === undefined || (batch.length > 0 && bytes + more > batchBytesMax)) {
        rest.push(unit)
        continue
      }
      bytes += more
      batch.push(unit)
    }
    const [now, later] = afterChildren(batch, this.#waited)
    this.#queue = later.length === 0 ? rest : [...later, ...rest]
    for (const unit of now) {
      unit.queued = false
      unit.owned.unit = undefined
      unit.owned.sent = unit
    }
    return now
  }

  async #send(batch: readonly CommitUnit[]): Promise<void> {
    const { store, clock, logger, incarnation } = this.#parts
    let sending = batch
    for (let tries = 0; !this.#stopped; tries++) {
      try {
        const withStart = sending.filter((unit) => unit.start !== undefined)
        const outcome = await store.commit({
          incarnation, starts: withStart.map((unit) => unit.start?.record).filter((record) => record !== undefined),
          transitions: sending.map(unitTransition),
        })
        if (outcome.type === 'fenced') this.#lose(sending, 'another worker took over its executions')
        else this.#settle(sending, withStart, outcome)
        return
      } catch (error) {
        if (error instanceof StoreRejectedError) return this.#halve(sending, error)
        if (error instanceof StoreOutcomeUnknownError) return this.#lose(sending, error.message, error)
        const isPassing = error instanceof StoreBusyError || error instanceof StoreUnavailableError
        if (!isPassing) return this.#lose(sending, String(error), error as Error)
        const isToldAt = error instanceof StoreUnavailableError ? 0 : busyTriesTold
        if (tries === isToldAt) logger.warn('A commit waits for the database', { reason: error.message })
        if (error instanceof StoreUnavailableError) sending = this.#giveUpStarts(sending, error)
        if (sending.length === 0) return
        await new Promise<void>((resolve) => void clock.timer(Math.min(commitRetryMsMax, 5 * 2 ** tries), resolve))
      }
    }
    refuseStarts(sending)
  }

  /** Whoever asked for a start hears at once that it was not made; so it never is, also of those that wait for the next batch. */
  #giveUpStarts(sending: readonly CommitUnit[], error: StoreUnavailableError): readonly CommitUnit[] {
    for (const unit of [...sending, ...this.#queue]) {
      if (unit.start === undefined) continue
      if (unit.owned.sent === unit) unit.owned.sent = undefined
      unit.start.reject(error)
      this.remove(unit)
      this.#parts.onOutcome(unit, 'lost', undefined)
    }
    return sending.filter((unit) => unit.start === undefined)
  }

  #settle(
    batch: readonly CommitUnit[], withStart: readonly CommitUnit[],
    { starts, transitions, outgoing }: Extract<CommitOutcome, { type: 'committed' }>,
  ): void {
    // Stopped meanwhile: nobody looks at outcomes any more, but whoever asked for a start waits for its own.
    if (this.#stopped) return withStart.forEach((unit, index) => unit.start?.settle(starts[index] ?? { type: 'busy' }))
    const startOf = new Map(withStart.map((unit, index) => [unit, starts[index]]))
    batch.forEach((unit, index) => {
      if (unit.owned.sent === unit) unit.owned.sent = undefined
      const start = startOf.size === 0 ? undefined : startOf.get(unit)
      this.#parts.onOutcome(unit, transitions[index] ?? 'lost', start, outgoing?.get(unit.owned.runId))
    })
  }

  async #halve(batch: readonly CommitUnit[], error: StoreRejectedError): Promise<void> {
    if (batch.length === 1) {
      for (const unit of batch) {
        if (unit.owned.sent === unit) unit.owned.sent = undefined
        unit.start?.reject(error)
        try {
          this.#parts.onRejected(unit, error)
        } catch (failure) {
          return this.#lose(batch, String(failure), failure as Error)
        }
      }
      return
    }
    const middle = batch.length >> 1
    await this.#send(batch.slice(0, middle))
    await this.#send(batch.slice(middle))
  }

  #lose(batch: readonly CommitUnit[], reason: string, error?: Error): void {
    for (const unit of batch) unit.start?.reject(error ?? new StoreOutcomeUnknownError(`The start could not be confirmed: ${reason}`))
    this.stop()
    this.#parts.onLost(reason)
  }
}

/**
 * A child that goes on in a next run closes before its parent does, and before others whose family it may belong to: a commit that
 * ends the family would end that run too, and nobody here would know, and begin it. Each waits once: under load every commit has
 * such a child of somebody.
 */
function afterChildren(batch: CommitUnit[], waited: WeakSet<CommitUnit>): readonly [now: CommitUnit[], later: CommitUnit[]] {
  const parents = new Set<RunId>()
  for (const { close } of batch) {
    const parent = close?.next?.link?.parent
    if (parent !== undefined && parent !== null) parents.add(parent.runId)
  }
  if (parents.size === 0) return [batch, []]
  const waits = (unit: CommitUnit): boolean => {
    const { close, owned } = unit
    if (close?.hasChildren !== true || waited.has(unit)) return false
    return parents.has(owned.runId) || (close.next?.link?.parent ?? null) === null
  }
  const later = batch.filter(waits)
  for (const unit of later) waited.add(unit)
  return [batch.filter((unit) => !later.includes(unit)), later]
}

/** Nothing of them was sent, and nothing will be. */
export function refuseStarts(units: readonly CommitUnit[]): void {
  const error = new StoreUnavailableError('The worker stopped before the start was sent; start it again')
  for (const unit of units) unit.start?.reject(error)
}
