/** Stores heartbeats of running activities, throttled, and learns from the answer who is to stop. */
import { heartbeatShare, heartbeatStoreMs } from '../limits.ts'
import { decodeActivityOptions } from '../protocol/activity-options-codec.ts'
import type { ActivityTask } from '../protocol/activity-task.ts'
import type { ActivityRun } from './activity-run.ts'
import { earlier } from './task-record.ts'
import type { WorkerContext } from './worker-context.ts'

export class HeartbeatKeeper {
  readonly #context: WorkerContext
  readonly #find: (runId: string, command: number) => ActivityRun | undefined
  readonly #timers = new Map<ActivityRun, () => void>()

  constructor(context: WorkerContext, find: (runId: string, command: number) => ActivityRun | undefined) {
    this.#context = context
    this.#find = find
  }

  beat(run: ActivityRun): void {
    if (this.#timers.has(run)) return
    const { clock } = this.#context
    const { heartbeatMs } = decodeActivityOptions(run.task.options)
    const pauseMs = heartbeatMs === undefined ? heartbeatStoreMs : Math.round(heartbeatMs * heartbeatShare)
    const waitMs = run.storedAt === 0 ? 0 : Math.max(0, run.storedAt + pauseMs - clock.now())
    this.#timers.set(run, clock.timer(waitMs, () => {
      this.#timers.delete(run)
      if (!run.ended) this.#context.background('storing a heartbeat', () => this.#store(run))
    }))
  }

  forget(run: ActivityRun): void {
    this.#timers.get(run)?.()
    this.#timers.delete(run)
  }

  async #store(run: ActivityRun): Promise<void> {
    if (run.row !== 'written') return this.beat(run)
    const { clock, store } = this.#context
    const now = clock.now()
    run.storedAt = now
    const { runId, command, attempt } = run.task
    const deadlineAt = nextDeadline(run.task, run.startedAt, now)
    const [outcome] = await store.heartbeatTasks([{ runId, command, attempt, details: run.details, now, deadlineAt }])
    const current = this.#find(runId, command)
    if (current !== run || outcome === 'ok') return
    run.cancelRequested = true
    run.cancel(outcome === 'gone' ? 'NOT_FOUND' : 'CANCELLED')
  }
}

function nextDeadline(task: ActivityTask, startedAt: number, now: number): number | null {
  const { heartbeatMs, startToCloseMs } = decodeActivityOptions(task.options)
  const beatBy = heartbeatMs === undefined ? null : now + heartbeatMs
  const closeBy = startToCloseMs === undefined ? null : startedAt + startToCloseMs
  return earlier(earlier(beatBy, closeBy), task.closeBy)
}
