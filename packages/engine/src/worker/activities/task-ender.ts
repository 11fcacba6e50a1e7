/** Ends attempts that have a row, in batches: finished here, over their deadline, or cancelled while they waited. */
import type { TimeoutType } from '@perdure/workflow'
import { failuresOf } from '../../conversion/value-converter.ts'
import { readMax } from '../../limits.ts'
import { mayPass, StoreRejectedError } from '../../ports/store-error.ts'
import { decodeActivityOptions } from '../../protocol/activity-options-codec.ts'
import type { ActivityTask, TaskEnd } from '../../protocol/activity-task.ts'
import { attemptEnd, type AttemptEnd } from '../../protocol/attempt-end.ts'
import type { RunId } from '../../protocol/ids.ts'
import { cancelledWaiting, runningDeadline, taskEnd } from '../../protocol/task-end.ts'
import type { ActivityRun } from '../attempts/activity-run.ts'
import type { WorkerContext } from '../context/worker-context.ts'
import { activityFields } from '../log/log-line.ts'
import { logAttempt } from './attempt-log.ts'

const retryPauseMs = 200

export class TaskEnder {
  readonly #context: WorkerContext
  #waiting: { readonly task: ActivityTask; readonly end: TaskEnd }[] = []
  #running: Promise<void> | undefined

  constructor(context: WorkerContext) {
    this.#context = context
  }

  end(run: ActivityRun, ended: AttemptEnd): void {
    this.#add(run.task, taskEnd(run.task, ended, run.details))
  }

  /** The attempt goes on without us. */
  leave({ task, startedAt, details }: ActivityRun): void {
    const { runId, command, attempt } = task
    const deadlineAt = runningDeadline(task, startedAt, this.#context.clock.now())
    this.#add(task, { runId, command, attempt, outcome: { type: 'leave', deadlineAt, heartbeatDetails: details } })
  }

  /** Ends every task over its deadline, whoever runs it (the owner may be dead or hung). */
  async expire(): Promise<void> {
    const { store, clock, settings, over } = this.#context
    const seen = new Set<string>()
    for (let isFull = true; isFull && !over();) {
      const tasks = await store.expiredTasks(settings.namespace, clock.now(), readMax)
      const found = tasks.filter(({ runId, command, attempt }) => !seen.has(`${runId} ${command} ${attempt}`))
      for (const task of found) {
        seen.add(`${task.runId} ${task.command} ${task.attempt}`)
        this.#endOverdue(task)
      }
      await this.settled()
      // A page of which nothing could be ended would come again and again.
      isFull = tasks.length === readMax && found.length > 0
    }
  }

  #endOverdue(task: ActivityTask): void {
    const now = this.#context.clock.now()
    const failures = failuresOf(this.#context)
    const { startedAt, cancelRequested, heartbeatDetails: details } = task
    const context = { task, startedAt, cancelRequested, details, now, failures }
    const ended = attemptEnd(task.lost ? { type: 'lost' } : { type: 'timed_out', timeoutType: overdue(task, now) }, context)
    logAttempt(this.#context, task, ended, now)
    this.#add(task, taskEnd(task, ended))
  }

  async cancelWaiting(runId: RunId, command: number): Promise<void> {
    const task = (await this.#read(runId)).find((row) => row.command === command)
    if (task === undefined || task.worker !== null) return
    this.#add(task, cancelledWaiting(task))
    await this.settled()
  }

  /** Who cancelled it while the last attempt ran left its end to that attempt, which did not know. */
  async #cancelRetried({ runId, command }: ActivityTask): Promise<void> {
    const task = (await this.#read(runId)).find((row) => row.command === command)
    if (task?.cancelRequested !== true || task.worker !== null) return
    this.#add(task, cancelledWaiting(task))
    await this.settled()
  }

  /** Nobody else looks for tasks that are cancelled while they wait: it has to be done, however long the database is away. */
  async #read(runId: RunId): Promise<readonly ActivityTask[]> {
    const { store, clock, over } = this.#context
    for (;;) {
      try {
        return await store.readTasks(runId)
      } catch (error) {
        if (!mayPass(error) || over()) throw error
        await new Promise<void>((resolve) => void clock.timer(retryPauseMs, resolve))
      }
    }
  }

  async settled(): Promise<void> {
    while (this.#running !== undefined) await this.#running
  }

  #add(task: ActivityTask, end: TaskEnd): void {
    this.#waiting.push({ task, end })
    this.#running ??= this.#run()
  }

  async #run(): Promise<void> {
    await Promise.resolve() // `#running` must be set before it can be cleared
    const { store, clock, notifier, logger, over, kickInbox, kickTasks, kickClaim, background } = this.#context
    for (let most = readMax; this.#waiting.length > 0 && !over();) {
      const batch = this.#waiting.splice(0, most)
      try {
        await store.endTasks(batch.map(({ end }) => end))
        most = readMax
      } catch (error) {
        // Ending names the attempt, so sending it again is harmless. One that the store will not take goes alone.
        const [first, ...others] = batch
        if (error instanceof StoreRejectedError && first !== undefined && others.length === 0) {
          const fields = activityFields(first.task)
          logger.error(`An activity result cannot be stored, its deadline ends the attempt: ${error.message}`, fields)
          continue
        }
        this.#waiting.unshift(...batch)
        if (error instanceof StoreRejectedError) most = 1
        else await new Promise<void>((resolve) => void clock.timer(retryPauseMs, resolve))
        continue
      }
      for (const { task, end } of batch) {
        if (end.outcome.type !== 'retry') continue
        kickTasks(end.outcome.availableAt)
        background('looking whether an activity that is retried was cancelled', () => this.#cancelRetried(task))
      }
      kickInbox()
      kickClaim()
      notifier?.publish('queue')
    }
    this.#running = undefined
  }
}

function overdue(task: ActivityTask, now: number): TimeoutType {
  // As on Temporal: the first attempt has until the end of all attempts to start, if it has no less.
  if (task.worker === null && task.attempt === 1) return 'SCHEDULE_TO_START'
  if (task.closeBy !== null && task.closeBy <= now) return 'SCHEDULE_TO_CLOSE'
  if (task.worker === null) return 'SCHEDULE_TO_START'
  const { heartbeatMs, startToCloseMs } = decodeActivityOptions(task.options)
  const started = task.startedAt ?? now
  if (startToCloseMs !== undefined && started + startToCloseMs <= now) return 'START_TO_CLOSE'
  return heartbeatMs === undefined ? 'START_TO_CLOSE' : 'HEARTBEAT'
}
