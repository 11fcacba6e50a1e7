/**
 * Asks now and then about attempts that send no heartbeats and have run for long: one whose row is gone (its workflow closed, or its
 * time was over) or that was cancelled is asked to stop. Heartbeats with a timeout learn the same from their own answers.
 */
import { readMax, silentAskMs } from '../../limits.ts'
import { decodeActivityOptions } from '../../protocol/activity-options-codec.ts'
import { runningDeadline } from '../../protocol/task-end.ts'
import type { ActivityRun } from '../attempts/activity-run.ts'
import type { WorkerContext } from '../context/worker-context.ts'

export class SilentAttempts {
  readonly #context: Pick<WorkerContext, 'clock' | 'store' | 'background'>
  #askAt = 0
  #isAsking = false

  constructor(context: Pick<WorkerContext, 'clock' | 'store' | 'background'>) {
    this.#context = context
  }

  /** Part of every tick. */
  look(runs: Iterable<ActivityRun>): void {
    const now = this.#context.clock.now()
    if (this.#isAsking || now < this.#askAt) return
    const silent: ActivityRun[] = []
    const since = now - silentAskMs
    for (const run of runs) if (run.startedAt <= since && run.storedAt <= since && isSilent(run)) silent.push(run)
    if (silent.length === 0) return
    this.#isAsking = true
    this.#askAt = now + silentAskMs
    this.#context.background('asking whether activities are still wanted', () => this.#ask(silent))
  }

  /** Nothing is changed by it: the deadline is the one that the attempt began with. */
  async #ask(runs: readonly ActivityRun[]): Promise<void> {
    try {
      for (let from = 0; from < runs.length; from += readMax) await this.#askAbout(runs.slice(from, from + readMax))
    } finally {
      this.#isAsking = false
    }
  }

  async #askAbout(runs: readonly ActivityRun[]): Promise<void> {
    const { clock, store } = this.#context
    const now = clock.now()
    const outcomes = await store.heartbeatTasks(runs.map(({ task, startedAt, details }) => ({
      runId: task.runId, command: task.command, attempt: task.attempt, details, now,
      deadlineAt: runningDeadline(task, task.startedAt ?? startedAt, now),
    })))
    for (const [index, run] of runs.entries()) {
      const outcome = outcomes[index]
      if (outcome === undefined || outcome === 'ok' || run.ended || run.cancelRequested) continue
      if (outcome === 'gone') run.isLost = true
      else run.cancelRequested = true
      run.cancel(outcome === 'gone' ? 'NOT_FOUND' : 'CANCELLED')
    }
  }
}

function isSilent({ row, ended, cancelRequested, isLost, task }: ActivityRun): boolean {
  return row === 'written' && !ended && !cancelRequested && !isLost && decodeActivityOptions(task.options).heartbeatMs === undefined
}
