/**
 * Stores heartbeats of running activities, throttled, and learns from the answer who is to stop.
 *
 * - K1: for each attempt one timer or one store is under way, never both; what came meanwhile follows.
 * - K2: as long as an attempt runs, its last details are stored in the end: a store that failed and a row that is not written yet
 *   are tried again, in growing pauses.
 * - K3: between two stores that took effect lies the throttle's pause.
 */
import { heartbeatRetryMsMax, heartbeatRetryMsMin, heartbeatShare, heartbeatStoreMs } from '../../limits.ts'
import type { BeatOutcome } from '../../ports/store.ts'
import { decodeActivityOptions } from '../../protocol/activity-options-codec.ts'
import { runningDeadline } from '../../protocol/task-end.ts'
import type { ActivityRun } from '../attempts/activity-run.ts'
import type { WorkerContext } from '../context/worker-context.ts'

interface Beating {
  readonly pauseMs: number
  stopTimer: (() => void) | undefined
  isStoring: boolean
  /** There was a beat since the last store began, or that store failed. */
  isUnsaved: boolean
  /** In vain, in a row. */
  tries: number
  /** Its row is gone: nothing that it says is kept. */
  isGone: boolean
}

export class HeartbeatKeeper {
  readonly #context: WorkerContext
  readonly #find: (runId: string, command: number) => ActivityRun | undefined
  readonly #beating = new Map<ActivityRun, Beating>()

  constructor(context: WorkerContext, find: (runId: string, command: number) => ActivityRun | undefined) {
    this.#context = context
    this.#find = find
  }

  /** Its details are those of the run, when they are stored. */
  beat(run: ActivityRun): void {
    if (run.ended) return
    const beating = this.#beating.get(run) ?? this.#begin(run)
    beating.isUnsaved = true
    this.#arm(run, beating)
  }

  /** Its row is there, as it was when it was sent: what came since follows at once. */
  written(run: ActivityRun): void {
    const beating = this.#beating.get(run)
    if (beating === undefined || beating.isStoring) return
    beating.stopTimer?.()
    beating.stopTimer = undefined
    beating.tries = 0
    if (beating.isUnsaved) this.#arm(run, beating)
  }

  forget(run: ActivityRun): void {
    this.#beating.get(run)?.stopTimer?.()
    this.#beating.delete(run)
  }

  #begin(run: ActivityRun): Beating {
    const { heartbeatMs } = decodeActivityOptions(run.task.options)
    const pauseMs = heartbeatMs === undefined ? heartbeatStoreMs : Math.round(heartbeatMs * heartbeatShare)
    const beating: Beating = { pauseMs, stopTimer: undefined, isStoring: false, isUnsaved: false, tries: 0, isGone: false }
    this.#beating.set(run, beating)
    run.onceEnded(() => this.forget(run))
    return beating
  }

  #arm(run: ActivityRun, beating: Beating): void {
    if (run.ended || beating.isGone || beating.isStoring || beating.stopTimer !== undefined) return
    beating.stopTimer = this.#context.clock.timer(this.#waitMs(run, beating), () => {
      beating.stopTimer = undefined
      if (!run.ended) this.#context.background('storing a heartbeat', () => this.#store(run, beating))
    })
  }

  #waitMs(run: ActivityRun, { pauseMs, tries }: Beating): number {
    if (tries > 0 || run.row !== 'written') {
      const growing = Math.min(heartbeatRetryMsMax, heartbeatRetryMsMin * 2 ** Math.max(0, tries - 1))
      return Math.max(1, Math.min(growing, pauseMs))
    }
    if (run.storedAt === 0) return 0
    // The clock may have been set back meanwhile.
    return Math.max(0, Math.min(pauseMs, run.storedAt + pauseMs - this.#context.clock.now()))
  }

  async #store(run: ActivityRun, beating: Beating): Promise<void> {
    if (run.row !== 'written') {
      beating.tries++
      return this.#arm(run, beating)
    }
    beating.isStoring = true
    beating.isUnsaved = false
    try {
      const outcome = await this.#send(run)
      beating.tries = 0
      this.#hear(run, beating, outcome)
    } catch (error) {
      beating.isUnsaved = true
      beating.tries++
      throw error
    } finally {
      beating.isStoring = false
      if (beating.isUnsaved) this.#arm(run, beating)
    }
  }

  async #send(run: ActivityRun): Promise<BeatOutcome> {
    const { clock, store } = this.#context
    const now = clock.now()
    const { runId, command, attempt } = run.task
    const deadlineAt = runningDeadline(run.task, run.startedAt, now)
    const [outcome = 'ok'] = await store.heartbeatTasks([{ runId, command, attempt, details: run.details, now, deadlineAt }])
    run.storedAt = now
    return outcome
  }

  /** The run is asked to stop once, whoever hears of it first. */
  #hear(run: ActivityRun, beating: Beating, outcome: BeatOutcome): void {
    if (outcome === 'ok' || this.#find(run.task.runId, run.task.command) !== run) return
    beating.isGone = outcome === 'gone'
    if (run.cancelRequested || run.isLost) return
    if (outcome === 'gone') run.isLost = true
    else run.cancelRequested = true
    run.cancel(outcome === 'gone' ? 'NOT_FOUND' : 'CANCELLED')
  }
}
