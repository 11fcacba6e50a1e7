/**
 * Who of the other workers is dead. A suspect is taken over only after its lease has not moved for two looks of ours:
 * after a restart of the database everybody's lease is old, and everybody is given the time to renew.
 */
import type { Suspect } from '../ports/store.ts'
import type { Incarnation, Millis } from '../protocol/ids.ts'
import type { WorkerContext } from './context/worker-context.ts'

const looksBeforeTakeover = 2

export class Liveness {
  readonly #context: WorkerContext
  #seen = new Map<Incarnation, { renewedAt: Millis; looks: number }>()

  constructor(context: WorkerContext) {
    this.#context = context
  }

  observe(suspects: readonly Suspect[]): void {
    const next = new Map<Incarnation, { renewedAt: Millis; looks: number }>()
    for (const suspect of suspects) {
      const before = this.#seen.get(suspect.incarnation)
      const looks = before?.renewedAt === suspect.renewedAt ? before.looks + 1 : 1
      next.set(suspect.incarnation, { renewedAt: suspect.renewedAt, looks })
      if (looks >= looksBeforeTakeover) this.#context.background('a takeover', () => this.#takeOver(suspect))
    }
    this.#seen = next
  }

  async #takeOver(suspect: Suspect): Promise<void> {
    const { store, settings, logger, kickClaim, kickDeadline } = this.#context
    if (!(await store.takeOver(suspect, settings.leaseMs))) return
    logger.info(`Worker ${suspect.incarnation} died; its executions were taken over`)
    kickClaim()
    kickDeadline(0)
  }
}
