/**
 * Steps that are undone in reverse order when a later one fails. Ours, not Temporal's: plain workflow code on scopes and
 * promises, so it replays like any other.
 *
 * 1. Compensations run one after the other, the last that was added first, each once.
 * 2. They run shielded: a cancellation of the workflow, before or meanwhile, does not stop them.
 * 3. Steps that are still under way are waited for first: what they do is known then.
 * 4. What continues the workflow as new, and what is a mistake in its code, undoes nothing.
 */
import { CancellationScope } from './cancellation-scope.ts'
import { isContinueAsNew } from './continue-as-new.ts'
import { DeterminismViolationError } from './determinism-violation.ts'
import { ApplicationFailure, describeThrown, isError } from './failure.ts'
import { oneOfOption, otherCall, refuseUnknownOptions } from './option-checks.ts'
import { log } from './workflow-functions.ts'

export interface SagaOptions {
  /**
   * What a compensation that fails does to the others. 'best-effort', the default: they run all the same, it is written to
   * the log, and the saga fails with what it failed with. 'strict': they are kept, and the saga fails with an
   * ApplicationFailure of type CompensationFailed.
   */
  readonly mode?: 'best-effort' | 'strict'
}

/** How a compensation ended. */
export type CompensationOutcome =
  | { readonly name: string; readonly status: 'undone'; readonly result: unknown }
  | { readonly name: string; readonly status: 'failed'; readonly error: unknown }

interface Compensation {
  readonly name: string
  readonly undo: () => Promise<unknown>
}

/**
 * Work of several steps, all of it or nothing.
 * @example
 * await Saga.run(async (saga) => {
 *   const room = await saga.step('room', () => reserveRoom(trip), (reserved) => cancelRoom(reserved))
 *   saga.addCompensation('flight', () => cancelFlight(trip.id))
 *   await bookFlight(trip)
 * })
 */
export class Saga {
  readonly #strict: boolean
  readonly #compensations: Compensation[] = []
  readonly #underWay = new Set<Promise<unknown>>()
  #compensating: Promise<unknown> | undefined

  /** @throws PerdureError OPTIONS_INVALID */
  constructor(options: SagaOptions = {}) {
    const call = otherCall('new Saga()')
    refuseUnknownOptions(options, ['mode'], call)
    this.#strict = oneOfOption(options.mode, modes, 'mode', call) === 'strict'
  }

  /** Runs `body`; when it throws, undoes what was done and throws the same again. */
  static async run<T>(body: (saga: Saga) => Promise<T>, options?: SagaOptions): Promise<T> {
    const saga = new Saga(options)
    try {
      return await body(saga)
    } catch (error) {
      if (isContinueAsNew(error) || error instanceof DeterminismViolationError) throw error
      await saga.compensate()
      throw error
    }
  }

  /**
   * Runs a step. When it succeeds, `undo` gets its result when the saga is undone. A step that failed is not undone: where
   * one may have happened although it failed (an answer was lost, a timeout), call `addCompensation` before it.
   */
  async step<T>(name: string, action: () => Promise<T>, undo: (result: T) => Promise<unknown>): Promise<T> {
    const step = action().then((result) => {
      this.addCompensation(name, () => undo(result))
      return result
    })
    this.#underWay.add(step)
    try {
      return await step
    } finally {
      this.#underWay.delete(step)
    }
  }

  /** What undoes a step, also one that is about to be taken; it must do no harm where there is nothing to undo. */
  addCompensation(name: string, undo: () => Promise<unknown>): void {
    this.#compensations.push({ name, undo })
  }

  /**
   * Undoes what was done, last first, and says how each compensation ended. `Saga.run` calls it; called again, it goes on
   * with what is left.
   * @throws ApplicationFailure of type CompensationFailed, when strict
   */
  compensate(): Promise<readonly CompensationOutcome[]> {
    const before = this.#compensating
    const compensating = CancellationScope.nonCancellable(async () => {
      if (before !== undefined) await Promise.allSettled([before])
      await Promise.allSettled(this.#underWay)
      const outcomes: CompensationOutcome[] = []
      for (let next = this.#compensations.at(-1); next !== undefined; next = this.#compensations.at(-1)) {
        outcomes.push(await this.#undo(next))
        this.#compensations.splice(this.#compensations.lastIndexOf(next), 1)
      }
      return outcomes
    })
    this.#compensating = compensating
    return compensating
  }

  async #undo({ name, undo }: Compensation): Promise<CompensationOutcome> {
    try {
      return { name, status: 'undone', result: await undo() }
    } catch (error) {
      if (error instanceof DeterminismViolationError) throw error
      if (this.#strict) throw this.#failure(name, error)
      log.error(`Compensation '${name}' failed`, { reason: describeThrown(error) })
      return { name, status: 'failed', error }
    }
  }

  #failure(name: string, error: unknown): ApplicationFailure {
    const left = this.#compensations.map((each) => each.name).toReversed()
    return ApplicationFailure.create({
      message: `Compensation '${name}' failed: ${describeThrown(error)}; not undone: ${left.join(', ')}`,
      type: 'CompensationFailed', nonRetryable: true, details: left, ...(isError(error) ? { cause: error } : {}),
    })
  }
}

const modes = { 'best-effort': 'best-effort', strict: 'strict' } as const
