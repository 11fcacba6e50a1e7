/**
 * Activities of this process: those of executions it owns, without a row, and tasks claimed from activity_tasks.
 *
 * - D1: an attempt without a row ends by an event of its execution's next unit, one with a row by `endTasks`, never both.
 * - D2: whoever ends a row names its attempt; a row that is gone or further on refuses it, and the result is dropped.
 */
import { ApplicationFailure, CancelledFailure } from '@perdure/workflow'
import { registeredHint } from '@perdure/workflow/host'
import { failuresOf } from '../../conversion/value-converter.ts'
import { activityVisibleMs } from '../../limits.ts'
import type { ActivityTask } from '../../protocol/activity-task.ts'
import { attemptEnd, type AttemptEnd, type AttemptResult } from '../../protocol/attempt-end.ts'
import { encodeFailure } from '../../protocol/failure-codec.ts'
import { runActivity, type ActivityRun, type ActivityRunParts, type RunResult } from '../attempts/activity-run.ts'
import { afterCommit, asInput, openUnit, sendUnit } from '../commits/open-unit.ts'
import type { OwnedExecution } from '../commits/owned-execution.ts'
import type { WorkerContext } from '../context/worker-context.ts'
import { activityFields } from '../log/log-line.ts'
import { logAttempt } from './attempt-log.ts'
import { HeartbeatKeeper } from './heartbeat-keeper.ts'
import { SilentAttempts } from './silent-attempts.ts'
import { TaskEnder } from './task-ender.ts'
import { outsideTask, retriedTask, runningTask } from './task-record.ts'
import { UnservedQueues } from './unserved-queues.ts'
import { WaitingStarts } from './waiting-starts.ts'

export class ActivityDesk {
  readonly #context: WorkerContext
  readonly #ofEveryRun: Pick<ActivityRunParts, 'clock' | 'logger' | 'interceptors' | 'values' | 'client' | 'measure'>
  readonly #ender: TaskEnder
  readonly #heartbeats: HeartbeatKeeper
  readonly #silent: SilentAttempts
  readonly #claimed = new Map<string, ActivityRun>()
  readonly #unserved: UnservedQueues
  readonly #warned = new Set<string>()
  readonly #waiting: WaitingStarts
  /** The last claim found more than there were slots for, or none to look with. */
  #moreWait = false

  constructor(context: WorkerContext) {
    this.#context = context
    const { clock, logger, client, measure, values, activityInterceptors: interceptors = [] } = context
    const optional = { ...(client === undefined ? {} : { client }), ...(measure === undefined ? {} : { measure }) }
    this.#ofEveryRun = { clock, logger, interceptors, values, ...optional }
    this.#ender = new TaskEnder(context)
    this.#heartbeats = new HeartbeatKeeper(context, (runId, command) => this.#find(runId, command))
    this.#silent = new SilentAttempts(context)
    this.#unserved = new UnservedQueues(context)
    this.#waiting = new WaitingStarts({
      context, mayRun: (task) => this.canRunLocally(task), begin: (owned, task) => this.runLocal(owned, task),
      giveUp: (owned, task) => { this.writeRow(owned, task); sendUnit(context, owned) },
    })
  }

  get running(): number {
    return this.#context.activityCapacity.used
  }

  /** A claim is under way: what it brings is this worker's already. */
  get claiming(): boolean {
    return this.#context.activityCapacity.reserved > 0
  }

  canRun(task: ActivityTask): boolean {
    const { settings, registry, accepting } = this.#context
    return accepting() && settings.taskQueues.includes(task.taskQueue) && registry.activity(task.activityType) !== undefined
  }

  /** Without a row, at once. */
  canRunLocally(task: ActivityTask): boolean {
    return this.canRun(task) && !this.#context.activityCapacity.isCounted(task.taskQueue)
  }

  /** A task that no worker of this kind can run says so where people look. */
  withReason(task: ActivityTask): ActivityTask {
    const { settings, registry, logger } = this.#context
    if (!settings.taskQueues.includes(task.taskQueue) || registry.activity(task.activityType) !== undefined) return task
    const message = `Activity '${task.activityType}' is not registered with this worker of task queue '${task.taskQueue}'` +
      `${registeredHint(task.activityType, registry.activityTypes())} It waits for a worker that has it.`
    if (!this.#warned.has(task.activityType)) logger.warn(message, activityFields(task))
    this.#warned.add(task.activityType)
    return { ...task, lastFailure: encodeFailure(ApplicationFailure.retryable(message, 'ActivityNotRegistered')) }
  }

  /** A row was written: some worker should look when it is due. */
  announce(task: ActivityTask): void {
    this.#context.notifier?.publish('queue')
    if (this.canRun(task)) this.#context.kickTasks(task.availableAt)
    else this.#unserved.watch(task)
    if (task.deadlineAt !== null) this.#context.kickDeadline(task.deadlineAt)
  }

  /** The task becomes a row with the execution's next unit, which whoever calls this sends. */
  writeRow(owned: OwnedExecution, task: ActivityTask): void {
    const unit = openUnit(owned)
    const { command, activityType } = task
    // Who cancelled it found no row to end: it is ended when it is there.
    const isCancelled = owned.cancelling.has(command) || owned.cancelled.has(command)
    unit.tasks.push(isCancelled ? { ...task, cancelRequested: true } : task)
    owned.rows.set(command, activityType)
    unit.effects.push(() => { if (isCancelled && task.worker === null) this.#cancelWaiting(owned, command); else this.announce(task) })
  }

  #cancelWaiting({ runId }: OwnedExecution, command: number): void {
    this.#context.background('cancelling a task', () => this.#ender.cancelWaiting(runId, command))
  }

  /** Its unit is durable, and it has no slot yet. */
  awaitSlot(owned: OwnedExecution, task: ActivityTask): void {
    if (this.canRunLocally(task) && this.#context.activityCapacity.tryTake(task.taskQueue)) this.runLocal(owned, task)
    else this.#waiting.add(owned, task)
  }

  /** Those that wait for a slot become rows, which others may run. */
  giveUpWaiting(): void {
    this.#waiting.giveUp()
  }

  /** Its slot is taken already. */
  runLocal(owned: OwnedExecution, task: ActivityTask): void {
    const fn = this.#context.registry.activity(task.activityType)
    const { activityCapacity } = this.#context
    if (owned.phase === 'gone' || owned.phase === 'leaving' || fn === undefined) return activityCapacity.giveBackUnused(task.taskQueue)
    owned.fresh = false
    const run = runActivity({
      task, fn, ...this.#ofEveryRun,
      onHeartbeat: (beating) => { this.#makeVisible(owned, beating); this.#heartbeats.beat(beating) },
      onToken: (asked) => this.#makeVisible(owned, asked),
      onEnd: (ended, result) => this.#endLocal(owned, ended, result),
    })
    if (!run.ended) owned.running.set(task.command, run)
  }

  /** Its slot is taken already. */
  runClaimed(task: ActivityTask): void {
    const { registry, activityCapacity } = this.#context
    const fn = registry.activity(task.activityType)
    if (fn === undefined) return activityCapacity.giveBackUnused(task.taskQueue)
    this.#outlive(task)
    const key = `${task.runId} ${task.command}`
    const run = runActivity({
      task, fn, ...this.#ofEveryRun,
      onHeartbeat: (beating) => this.#heartbeats.beat(beating),
      onToken: () => undefined,
      onEnd: (ended, result) => {
        this.#claimed.delete(key)
        activityCapacity.giveBack(task.taskQueue)
        this.#endRow(ended, result)
        this.#serve()
      },
    })
    if (!run.ended) this.#claimed.set(key, run)
  }

  /** An earlier attempt that runs here still was ended by somebody else: it goes on unheard, as after a timeout. */
  #outlive({ runId, command }: ActivityTask): void {
    const earlier = this.#find(runId, command)
    if (earlier === undefined) return
    this.#claimed.delete(`${runId} ${command}`)
    this.#context.executions.get(runId)?.running.delete(command)
    this.#abandon(earlier, 'NOT_FOUND')
  }

  /** Its commit is durable. A task that waits is ended here, one elsewhere was flagged. False: its code is not in memory to be told. */
  cancel(owned: OwnedExecution, command: number, waits: boolean): boolean {
    const run = owned.running.get(command) ?? this.#claimed.get(`${owned.runId} ${command}`)
    this.#waiting.drop(owned, command)
    if (run !== undefined) {
      run.cancelRequested = true
      run.cancel('CANCELLED')
    } else if (owned.rows.has(command)) {
      this.#cancelWaiting(owned, command)
    } else if (waits) {
      const pending = owned.live?.pending.activities.get(command)
      const { record } = owned
      if (pending !== undefined) owned.inputs.push(asInput({
        type: 'ActivityTaskCanceled', command, activityType: pending.activityType, activityId: pending.activityId,
        taskQueue: record.taskQueue, attempt: 1, scheduledAt: pending.scheduledAt, startedAt: null,
        options: '{}' as ActivityTask['options'], input: pending.input, failure: encodeFailure(new CancelledFailure('CANCELLED')),
      }))
      this.#context.loop.wake(owned)
      return pending !== undefined
    }
    return true
  }

  /** Running tasks of ours that somebody else asked to stop. */
  async readCancelRequests(): Promise<void> {
    for (const { runId, command } of await this.#context.store.cancelledTasks(this.#context.incarnation)) {
      const run = this.#find(runId, command)
      if (run === undefined) continue
      run.cancelRequested = true
      run.cancel('CANCELLED')
    }
  }

  async claim(): Promise<void> {
    const { activityCapacity, accepting, kickTasks } = this.#context
    for (const queues of activityCapacity.groups.inTurn) await this.#claimOf(queues)
    const pausedUntil = activityCapacity.pausedUntil
    if (pausedUntil !== undefined && accepting()) kickTasks(pausedUntil)
  }

  async #claimOf(taskQueues: readonly string[]): Promise<void> {
    const { store, serving, clock, activityCapacity, accepting, executions, over, kickTasks } = this.#context
    // Slots that wait for the answer are not there for own activities, which would become rows: the first claim takes one.
    for (let most = 1; accepting(); most *= 2) {
      const limit = activityCapacity.reserve(taskQueues, executions.size > 0 ? most : Number.POSITIVE_INFINITY)
      this.#moreWait = true
      if (limit === 0) return
      let brought = 0
      try {
        const { tasks, retryAt } = await store.claimTasks({ ...serving(), taskQueues }, clock.now(), limit)
        if (over()) return // they were claimed for a dead worker, and are lost with it
        brought = tasks.length
        for (const task of tasks) this.runClaimed(task)
        if (retryAt !== null) kickTasks(retryAt)
      } finally {
        activityCapacity.settle(taskQueues, limit, brought)
        this.#waiting.serve()
      }
      if (brought < limit) {
        this.#moreWait = false
        return
      }
    }
  }

  async expire(): Promise<void> {
    await this.#ender.expire()
  }

  /** Local activities that have run for a second get a row. */
  makeLongRunningVisible(): void {
    const before = this.#context.clock.now() - activityVisibleMs
    for (const owned of this.#context.executions.all()) {
      for (const run of owned.running.values()) if (run.startedAt <= before) this.#makeVisible(owned, run)
    }
  }

  /** Attempts that nobody waits for any more are asked to stop. */
  askAboutSilent(): void {
    this.#silent.look(this.#all())
  }

  *#all(): Iterable<ActivityRun> {
    yield* this.#claimed.values()
    for (const owned of this.#context.executions.all()) yield* owned.running.values()
  }

  /** Rows for all running local activities of an execution that leaves this worker. */
  makeAllVisible(owned: OwnedExecution): void {
    this.#waiting.giveUp(owned)
    for (const run of owned.running.values()) this.#makeVisible(owned, run)
  }

  /** Its execution is not ours any more: attempts without a row are dropped, those with one go on by themselves. */
  disown(owned: OwnedExecution, reason: string): void {
    for (const run of owned.running.values()) {
      if (run.row === 'written') this.#claimed.set(`${owned.runId} ${run.task.command}`, run)
      else this.#abandon(run, reason)
    }
    owned.running.clear()
  }

  /** Its execution closed: what it still runs is asked to stop, and nothing it returns is kept. */
  dismiss(owned: OwnedExecution): void {
    for (const run of owned.running.values()) this.#abandon(run, 'The workflow closed')
    owned.running.clear()
  }

  abandonAll(reason: string): void {
    this.#unserved.stop()
    this.#waiting.stop()
    for (const run of this.#claimed.values()) run.abandon(reason)
    this.#claimed.clear()
    for (const owned of this.#context.executions.all()) for (const run of owned.running.values()) run.abandon(reason)
  }

  cancelAll(reason: string): void {
    for (const run of this.#claimed.values()) run.cancel(reason)
  }

  async settled(): Promise<void> {
    await this.#ender.settled()
  }

  #abandon(run: ActivityRun, reason: string): void {
    if (!run.ended) this.#context.activityCapacity.giveBack(run.task.taskQueue)
    run.abandon(reason)
  }

  #find(runId: string, command: number): ActivityRun | undefined {
    const claimed = this.#claimed.get(`${runId} ${command}`)
    return claimed ?? this.#context.executions.get(runId as ActivityTask['runId'])?.running.get(command)
  }

  #makeVisible(owned: OwnedExecution, run: ActivityRun): void {
    if (run.row !== 'none' || run.ended || owned.phase !== 'open') return
    run.row = 'writing'
    const unit = openUnit(owned)
    const { incarnation, notifier } = this.#context
    const { task, details } = run
    const cancelRequested = run.cancelRequested || owned.cancelling.has(task.command)
    unit.tasks.push({ ...runningTask(task, incarnation, run.startedAt, run.heardAt), heartbeatDetails: details, cancelRequested })
    owned.rows.set(run.task.command, run.task.activityType)
    unit.effects.push(() => {
      run.row = 'written'
      this.#heartbeats.written(run)
      if (run.details !== null) notifier?.publish('queue')
    })
    unit.undo.push(() => { run.row = 'none'; owned.rows.delete(run.task.command) })
    sendUnit(this.#context, owned)
  }

  #endLocal(owned: OwnedExecution, run: ActivityRun, result: RunResult): void {
    this.#claimed.delete(`${run.task.runId} ${run.task.command}`)
    this.#context.activityCapacity.giveBack(run.task.taskQueue)
    this.#lookForMore(run.task.taskQueue)
    this.#serve()
    this.#endByRow(owned, run, result)
  }

  /** Rows wait for the slot that was given back. */
  #lookForMore(taskQueue: string): void {
    if (!this.#moreWait) return
    const nextAt = this.#context.activityCapacity.nextAfter(taskQueue)
    if (nextAt !== undefined) this.#context.kickTasks(nextAt)
  }

  /** Rows that wait come first in their turn: the slot is theirs when the claim that was asked for begins. */
  #serve(): void {
    if (!this.#moreWait || this.claiming) this.#waiting.serve()
  }

  /** D1, once it is known whether its row came to be, and whether it was cancelled; where no commit is left to tell, it was not. */
  #endByRow(owned: OwnedExecution, run: ActivityRun, result: RunResult): void {
    const mayBeCancelled = owned.cancelling.has(run.task.command) && (owned.unit ?? owned.sent) !== undefined
    if (run.row === 'writing' || (run.row === 'none' && mayBeCancelled)) {
      const known = (): void => this.#endByRow(owned, run, result)
      return afterCommit(owned, known, known)
    }
    owned.running.delete(run.task.command)
    if (run.row === 'written') this.#endRow(run, result)
    else if (owned.phase === 'gone') return
    else if (result.type === 'outside') this.#leave(owned, run)
    else this.#endByEvent(owned, run, result)
  }

  #endByEvent(owned: OwnedExecution, run: ActivityRun, result: AttemptResult): void {
    const ended = this.#decide(run, result)
    if (ended.type === 'event') owned.inputs.push(asInput(ended.event))
    else {
      const task = retriedTask(run.task, ended.availableAt, ended.lastFailure, run.details)
      if (mayWaitFor(owned, task.command)) {
        this.writeRow(owned, task)
        sendUnit(this.#context, owned)
      } else {
        // That the code waits no more may never become durable: then the attempt is spent all the same (I10).
        for (const unit of [owned.refused, owned.sent, owned.unit]) unit?.retries.push(task)
      }
    }
    this.#context.loop.wake(owned)
  }

  /** Without a row nobody outside could end it. */
  #leave(owned: OwnedExecution, { task, startedAt, details, cancelRequested }: ActivityRun): void {
    this.writeRow(owned, { ...outsideTask(task, startedAt, this.#context.clock.now()), heartbeatDetails: details, cancelRequested })
    sendUnit(this.#context, owned)
    this.#context.loop.wake(owned)
  }

  #endRow(run: ActivityRun, result: RunResult): void {
    if (result.type === 'outside') {
      this.#heartbeats.forget(run)
      return this.#ender.leave(run)
    }
    const ended = this.#decide(run, result)
    this.#heartbeats.forget(run)
    this.#ender.end(run, ended)
    this.#context.kickTasks(ended.type === 'retry' ? ended.availableAt : 0)
  }

  #decide(run: ActivityRun, result: AttemptResult): AttemptEnd {
    const { task, startedAt, cancelRequested, details } = run
    const { clock } = this.#context
    // It was asked to stop because its row is another's: nobody cancelled it.
    const isStopped = run.isLost && result.type === 'failed' && result.error instanceof CancelledFailure
    const failures = failuresOf(this.#context)
    const attempt = { task, startedAt, cancelRequested, details, now: clock.now(), failures }
    const ended = attemptEnd(isStopped ? { type: 'lost' } : result, attempt)
    logAttempt(this.#context, task, ended, clock.now())
    return ended
  }
}

/** Its code may have cancelled it and gone on. What is not in memory, or has not been replayed to its end, cannot tell. */
function mayWaitFor({ live, replay }: OwnedExecution, command: number): boolean {
  return live === undefined || replay !== undefined || live.pending.activities.has(command)
}
