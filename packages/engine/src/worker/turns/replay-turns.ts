/**
 * Brings an execution through many activations, one after the other, none of which comes from outside.
 *
 * The drain point is that of activation-loop.ts, with more in it: immediates queued together run in one check phase, with all
 * microtasks between two of them and no I/O. So one of them ends an activation and begins the next. The last of a turn only
 * ends: I/O follows it.
 */
import { runOutsideWorkflow } from '../../determinism/workflow-context.ts'
import type { Command } from '../../execution/command.ts'
import type { LiveExecution } from '../../execution/live-execution.ts'
import { replayStepsFirst, replayStepsMax } from '../../limits.ts'

/** Applies what belongs together. */
export type ActivationBegin = () => void

/**
 * Rejects with what an activation throws, or with what stops the execution; nothing is applied then any more.
 * @param activations the next one is asked for when the one before has come to rest
 * @param onRest what workflow code asked for in the activation
 */
export function replayInTurns(
  live: LiveExecution, activations: Iterator<ActivationBegin>, onRest: (commands: readonly Command[]) => void,
): Promise<void> {
  const replay = new Replay(live, activations, onRest)
  return new Promise((resolve, reject) => {
    let isOver = false
    const step = (isLastOfTurn: boolean): void => {
      if (isOver) return
      try {
        if (replay.step(isLastOfTurn)) return
        isOver = true
        resolve()
      } catch (error) {
        isOver = true
        live.activating = false
        reject(error)
      }
    }
    const turn = (steps: number): void => {
      for (let index = 1; index < steps; index++) setImmediate(step, false)
      setImmediate(() => {
        step(true)
        if (!isOver) turn(Math.min(replayStepsMax, steps * 2))
      })
    }
    runOutsideWorkflow(() => turn(replayStepsFirst))
  })
}

class Replay {
  readonly #live: LiveExecution
  readonly #activations: Iterator<ActivationBegin>
  readonly #onRest: (commands: readonly Command[]) => void
  #isUnderWay = false
  #settles = false

  constructor(live: LiveExecution, activations: Iterator<ActivationBegin>, onRest: (commands: readonly Command[]) => void) {
    this.#live = live
    this.#activations = activations
    this.#onRest = onRest
  }

  /** Microtasks have run since the last one. False: there is no more. */
  step(isLastOfTurn: boolean): boolean {
    const live = this.#live
    if (live.activating) {
      this.#settles = live.hasMore()
      live.activating = false
      if (!this.#settles) this.#rest()
    }
    if (isLastOfTurn) return true
    if (this.#settles) {
      live.activating = true
      live.settleMore()
      return true
    }
    const next = this.#activations.next()
    if (next.done === true) return false
    this.#isUnderWay = true
    live.activating = true
    next.value()
    return true
  }

  #rest(): void {
    if (!this.#isUnderWay) return
    this.#isUnderWay = false
    const commands = this.#live.takeCommands()
    if (this.#live.taskFailure !== undefined) throw this.#live.taskFailure
    this.#onRest(commands)
  }
}
