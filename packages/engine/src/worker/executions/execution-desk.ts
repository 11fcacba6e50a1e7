/** Executions of this incarnation: claims, starts, brings into memory, lets rest, releases. */
import {
  claimedBytesMax, claimMax, claimPauseMs, firstClaimMax, foreignGraceMs, idleReleaseMs, longSleepMs, placeReleaseMs, trimLooksMax,
} from '../../limits.ts'
import type { ClaimedExecution } from '../../ports/store.ts'
import { eventTypeOf, isMessageType } from '../../protocol/event.ts'
import type { ExecutionRecord } from '../../protocol/execution-record.ts'
import type { Millis } from '../../protocol/ids.ts'
import type { StartOutcome, StartRecord } from '../../protocol/transition.ts'
import type { ActivityDesk } from '../activities/activity-desk.ts'
import { openUnit, sendUnit } from '../commits/open-unit.ts'
import { isIdle, ownedExecution, type OwnedExecution, replayOf } from '../commits/owned-execution.ts'
import { inPlaceOf, QueueGroups } from '../context/queue-groups.ts'
import type { WorkerContext } from '../context/worker-context.ts'
import type { ExecutionHolder } from './execution-holder.ts'
import { forgetLive } from './execution-outcomes.ts'
import { deliverMessage, noteRest } from './execution-steps.ts'
import { readHistory } from './history-reader.ts'
import { codeOf, createLive } from './live-factory.ts'
import { isWatched, noteRestOfSuspect } from './takeover-count.ts'

export class ExecutionDesk {
  readonly #context: WorkerContext
  readonly #activities: ActivityDesk
  readonly #holder: ExecutionHolder
  readonly #groups: QueueGroups
  readonly #wallClock: () => Millis
  /** Of the histories of the last claim, on average. */
  #bytesEach = Math.floor(claimedBytesMax / firstClaimMax)
  /** The last look saw executions that may be claimed. */
  othersWait = false

  constructor(context: WorkerContext, activities: ActivityDesk, holder: ExecutionHolder) {
    this.#context = context
    this.#wallClock = () => context.clock.now()
    this.#activities = activities
    this.#holder = holder
    const { taskQueues, queues } = context.settings
    this.#groups = new QueueGroups(taskQueues, (queue) => queues.get(queue)?.maxConcurrentWorkflows !== undefined)
  }

  /** How many more it may own, of this queue. */
  free(taskQueue: string): number {
    const { settings, executions } = this.#context
    const own = (settings.queues.get(taskQueue)?.maxConcurrentWorkflows ?? Infinity) - executions.countOf(taskQueue)
    return Math.max(0, Math.min(settings.maxConcurrentWorkflows - executions.taken, own))
  }

  start(record: StartRecord): Promise<StartOutcome> {
    const owned = this.#startedHere(record)
    const { promise, resolve, reject } = Promise.withResolvers<StartOutcome>()
    openUnit(owned).start = { record, settle: resolve, reject }
    this.#context.executions.add(owned)
    this.#bringIn(owned)
    return promise
  }

  /** A commit of this incarnation started it as its own. */
  adopt(record: StartRecord): void {
    const owned = this.#startedHere(record)
    this.#context.executions.add(owned)
    this.#bringIn(owned)
  }

  /** Field by field: a record that is spread without its link becomes a dictionary, four times as large, while it is owned. */
  #startedHere(start: StartRecord): OwnedExecution {
    const { link, startedAt } = start
    const execution: ExecutionRecord = {
      namespace: start.namespace, workflowId: start.workflowId, runId: start.runId, workflowType: start.workflowType,
      taskQueue: start.taskQueue, status: 'RUNNING', priority: start.priority, owner: this.#context.incarnation, wakeAt: null, held: null,
      input: start.input, result: null, failure: null, memo: start.memo, searchAttributes: start.searchAttributes,
      firstRunId: link?.firstRunId ?? start.runId, parent: link?.parent ?? null, expiresAt: link?.expiresAt ?? null,
      details: link?.details ?? null, takeovers: 0, startedAt, firstTaskAt: startedAt, closedAt: null,
    }
    const owned = ownedExecution(execution, startedAt)
    owned.isOurs = true
    owned.fresh = true
    return owned
  }

  async claim(): Promise<void> {
    for (const taskQueues of this.#groups.inTurn) await this.#claimOf(taskQueues)
  }

  async #claimOf(taskQueues: readonly string[]): Promise<void> {
    const { store, serving, clock, accepting, over } = this.#context
    const queue = inPlaceOf(taskQueues)
    if (this.othersWait && this.free(queue) <= 0) this.#makePlace(taskQueues)
    while (accepting() && this.free(queue) > 0) {
      const { hasSuspect, waitingBytes } = this.#underWay()
      const room = Math.floor((claimedBytesMax - waitingBytes) / this.#bytesEach)
      if (room < 1 && waitingBytes > 0) return this.#context.kickClaimAt(clock.now() + claimPauseMs)
      const limit = Math.min(claimMax, this.free(queue), Math.max(1, room))
      const claimed = await store.claim({ ...serving(), taskQueues, now: clock.now(), limit, suspectLimit: hasSuspect ? 0 : 1 })
      if (over()) return // what was claimed belongs to a dead worker: others take it up
      if (claimed.length > 0) this.#groups.served(taskQueues)
      let bytes = 0
      for (const one of claimed) {
        const owned = ownedExecution(one.execution, clock.now())
        this.#adopt(owned, one)
        bytes += owned.replay?.bytes ?? 0
      }
      if (claimed.length > 0) this.#bytesEach = Math.max(1, bytes / claimed.length)
      if (claimed.length < limit) return
    }
  }

  /** Among those that it owns: one that is run alone, and the histories that wait for their replay. */
  #underWay(): { readonly hasSuspect: boolean; readonly waitingBytes: number } {
    let hasSuspect = false
    let waitingBytes = 0
    const now = this.#context.clock.now()
    for (const owned of this.#context.executions.all()) {
      hasSuspect ||= isWatched(owned, now)
      // The loop takes a step of each of these in every turn, so no history waits for ever.
      const { ready, live, replay } = owned
      if (replay !== undefined && (ready || live?.activating === true)) waitingBytes += replay.bytes
    }
    return { hasSuspect, waitingBytes }
  }

  /** All places are taken and others wait: what rests goes, and the claim that follows takes its place. */
  #makePlace(taskQueues: readonly string[]): void {
    const { executions, settings, clock } = this.#context
    const isFull = executions.taken >= settings.maxConcurrentWorkflows
    const before = clock.now() - placeReleaseMs
    let released = 0
    for (const owned of executions.liveByAge()) {
      if (owned.restedAt > before || released >= claimMax) return
      if (!isIdle(owned) || !(isFull || taskQueues.includes(owned.record.taskQueue))) continue
      this.release(owned)
      released++
    }
  }

  /** Its code left memory (cache) or must run anew: the history is read once nothing of it is under way. */
  load(owned: OwnedExecution): void {
    if (owned.phase !== 'open') return
    owned.wanted = owned.unit !== undefined || owned.sent !== undefined
    if (owned.wanted) return
    owned.phase = 'loading'
    this.#context.background('reading a history', async () => {
      const events = await readHistory(this.#context.store, owned.runId).catch((error: unknown) => {
        if (owned.phase === 'loading') owned.phase = 'open'
        this.#context.clock.timer(1_000, () => this.#context.loop.wake(owned))
        throw error
      })
      if (owned.phase !== 'loading') return
      // Only the owner writes (I1): what its code would do next, another worker does already.
      if ((events.at(-1)?.seq ?? 0) !== owned.storedSeq) return this.#context.lose('another worker wrote to one of its executions')
      owned.phase = 'open'
      owned.replay = replayOf(events)
      this.#bringIn(owned)
    })
  }

  /** It came to rest: its place in the cache, and whether it may leave. */
  rested(owned: OwnedExecution): void {
    const failure = owned.live?.taskFailure
    if (failure !== undefined && owned.phase === 'open') return this.#holder.hold(owned, failure)
    owned.activation = undefined
    noteRest(owned)
    noteRestOfSuspect(this.#context, owned)
    owned.restedAt = this.#context.clock.now()
    const { executions, settings } = this.#context
    executions.touch(owned)
    if (executions.liveCount > settings.maxCachedWorkflows && this.#sleepsLong(owned) && isIdle(owned)) this.release(owned)
  }

  /** Nothing but a message wakes it soon: it leaves a full cache first, with what it has to write and not later in a commit of its own. */
  #sleepsLong({ live, timerAt }: OwnedExecution): boolean {
    if (live === undefined || timerAt === null || live.pending.activities.size > 0 || live.calls.conditions.size > 0) return false
    return timerAt - this.#context.clock.now() >= longSleepMs
  }

  /**
   * Executions beyond the cache leave it: released when idle, else only their code.
   * @param rested how many came to rest since: so many more may be there, and each pays for a look or two
   */
  trim(rested = 0): void {
    const { executions, settings } = this.#context
    let looks = trimLooksMax + 2 * rested
    for (const owned of executions.liveByAge()) {
      const isFull = executions.liveCount > settings.maxCachedWorkflows || executions.liveBytes > settings.maxCachedBytes
      if (!isFull || looks-- <= 0) return
      if (this.#mayWaitForForeign(owned)) continue
      if (isIdle(owned)) this.release(owned)
      else if (mayForget(owned)) {
        forgetLive(owned)
        executions.touch(owned)
      } else executions.touch(owned)
    }
  }

  /** Code that awaits something foreign is caught when it goes on; out of memory it would be lost without a word. */
  #mayWaitForForeign(owned: OwnedExecution): boolean {
    return owned.live?.waitsForNothingOfOurs === true && this.#context.clock.now() - owned.restedAt < foreignGraceMs
  }

  releaseIdle(): void {
    const before = this.#context.clock.now() - idleReleaseMs
    for (const owned of this.#context.executions.liveByAge()) {
      if (owned.restedAt > before) return
      if (isIdle(owned)) this.release(owned)
    }
  }

  release(owned: OwnedExecution): void {
    if (owned.phase !== 'open') return
    // At once, where only the code knows when; by this clock, which may be fast, it could be much later.
    const wakeAt = owned.live === undefined ? Math.min(owned.lastAt, this.#context.clock.now()) : owned.timerAt
    openUnit(owned).release = { wakeAt, held: null }
    owned.phase = 'leaving'
    this.#context.executions.rest(owned)
    sendUnit(this.#context, owned)
  }

  /** Drain: whatever can leave now does; running activities get rows and end by themselves. */
  releaseAll(): void {
    for (const owned of this.#context.executions.all()) {
      if (owned.phase !== 'open' || owned.starting > 0 || owned.asking > 0 || owned.replay !== undefined || owned.settling) continue // O2
      if (owned.inputs.length > 0 || (owned.live !== undefined && (!owned.begun || owned.live.activating))) continue
      this.#activities.makeAllVisible(owned)
      const writing = [...owned.running.values()].some((run) => run.row === 'none')
      if (!writing && owned.live?.outcome === undefined) this.release(owned)
    }
  }

  #adopt(owned: OwnedExecution, claimed: ClaimedExecution): void {
    const { execution, first, history, tasks, inbox } = claimed
    const { executions, registry } = this.#context
    executions.add(owned)
    for (const { command, activityType, attempt, lost } of tasks) {
      owned.rows.set(command, activityType)
      if (lost || attempt > 1) owned.doubtful.add(command)
    }
    // Attempts that a dead worker took along count: what was run once is never begun anew.
    owned.fresh = first
    owned.isOurs = first || neverRested(claimed)
    owned.spent = !first && (execution.held === null || execution.held.spent)
    if (registry.workflow(execution.workflowType) === undefined) return this.#holder.holdUnknownType(owned)
    owned.storedSeq = history.at(-1)?.seq ?? 0
    if (!first) owned.replay = replayOf(history)
    for (const message of inbox) deliverMessage(owned, message)
    this.#bringIn(owned)
  }

  #bringIn(owned: OwnedExecution): void {
    const { registry, loop, executions } = this.#context
    const fn = registry.workflow(owned.record.workflowType)
    if (fn === undefined) return this.#holder.holdUnknownType(owned)
    owned.seq = 0
    owned.bytes = 0
    owned.begun = false
    owned.timerAt = null
    owned.stopTimer?.()
    owned.stopTimer = undefined
    try {
      const { record, isOurs } = owned
      owned.live = createLive({ record, fn, wallClock: this.#wallClock, onStray: () => loop.wake(owned), isOurs, ...codeOf(this.#context) })
    } catch (error) {
      return this.#holder.hold(owned, new Error(`The start of this execution cannot be read: ${String(error)}`, { cause: error }))
    }
    executions.touch(owned)
    loop.wake(owned)
  }
}

/**
 * Its worker died while it ran, and nothing shows that its first activation ever came to rest: what that had asked for was never
 * durable. One that came to rest and wrote nothing, as a sleeper does, has been left alone for longer, or was released.
 */
function neverRested({ execution, history, tasks, inbox }: ClaimedExecution): boolean {
  if (execution.takeovers === 0 || history.length > 0 || tasks.length > 0) return false
  return inbox.every(({ type }) => isMessageType(eventTypeOf(type)))
}

/** Nothing of it is under way that only its code in memory could go on with. */
function mayForget(owned: OwnedExecution): boolean {
  return owned.begun && owned.live?.activating === false && owned.unit === undefined && owned.sent === undefined &&
    owned.phase === 'open' && owned.starting === 0 && owned.asking === 0 && owned.inputs.length === 0 &&
    owned.replay === undefined && !owned.settling
}
