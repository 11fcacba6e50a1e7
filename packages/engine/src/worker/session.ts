/**
 * One incarnation of a worker, from registration to its end. A lost one is thrown away whole (I4) and the worker starts
 * the next; nothing is carried over.
 */
import { createHash } from 'node:crypto'
import { leaseFreshMs, waitingHintMs } from '../limits.ts'
import type { Clock } from '../ports/clock.ts'
import { StoreOutcomeUnknownError } from '../ports/store-error.ts'
import type { ClosedExecution, LeaseKeeper, Look, Serving, UpdateState } from '../ports/store.ts'
import type { Incarnation } from '../protocol/ids.ts'
import { ActivityDesk } from './activities/activity-desk.ts'
import { Alarm } from './alarm.ts'
import { ExecutionTable } from './commits/execution-table.ts'
import { GroupCommit, refuseStarts } from './commits/group-commit.ts'
import { gathersOn, sendUnit } from './commits/open-unit.ts'
import type { OwnedExecution } from './commits/owned-execution.ts'
import { ActivityCapacity } from './context/activity-capacity.ts'
import type { WorkerContext, WorkerParts } from './context/worker-context.ts'
import { collectExecution } from './executions/execution-collector.ts'
import { ExecutionDesk } from './executions/execution-desk.ts'
import { ExecutionHolder } from './executions/execution-holder.ts'
import { ExecutionOutcomes, undoUnit } from './executions/execution-outcomes.ts'
import { stepExecution } from './executions/execution-steps.ts'
import { InboxReader } from './executions/inbox-reader.ts'
import { Liveness } from './liveness.ts'
import { executionFields } from './log/log-line.ts'
import { OverdueRuns } from './overdue-runs.ts'
import { QueryDesk } from './queries/query-desk.ts'
import { signOff } from './sign-off.ts'
import { ActivationLoop } from './turns/activation-loop.ts'

export interface SessionEvents {
  readonly emitClosed: (closed: ClosedExecution) => void
  readonly emitUpdated: (state: UpdateState) => void
  /** It found itself dead, or cannot know what it wrote. */
  readonly onLost: (reason: string) => void
}

const drainPauseMsMin = 1_000

type AlarmName = 'claim' | 'tasks' | 'expire' | 'overdue' | 'inbox' | 'queries' | 'tick'

export class Session {
  readonly incarnation: Incarnation
  readonly context: WorkerContext
  readonly executions: ExecutionDesk
  readonly activities: ActivityDesk
  readonly queries: QueryDesk
  readonly inbox: InboxReader
  readonly #lease: LeaseKeeper
  readonly #liveness: Liveness
  readonly #overdueRuns: OverdueRuns
  readonly #outcomes: ExecutionOutcomes
  readonly #onLost: (reason: string) => void
  readonly #alarms: Readonly<Record<AlarmName, Alarm>>
  #accepting = true
  #over = false
  #closesAwaitedUntil = 0
  /** When the last tick was sent that found it alive. */
  #renewedAt = Number.NEGATIVE_INFINITY
  readonly #background = new Set<Promise<void>>()

  constructor(parts: WorkerParts, incarnation: Incarnation, lease: LeaseKeeper, events: SessionEvents) {
    this.incarnation = incarnation
    this.#lease = lease
    const { store, clock, logger, settings } = parts
    const executions = new ExecutionTable()
    const commits = new GroupCommit({
      store, clock, logger, incarnation,
      onOutcome: (unit, outcome, start, outgoing) => { if (!this.#over) outcomes.settle(unit, outcome, start, outgoing) },
      onRejected: (unit, error) => {
        logger.error(`A transition cannot be stored: ${error.message}`, executionFields(unit.owned.record))
        undoUnit(unit)
        if (unit.start === undefined) holder.holdRejected(unit, error)
        else outcomes.drop(unit.owned, 'its start was rejected')
      },
      onLost: (reason) => events.onLost(reason),
    })
    const loop = new ActivationLoop({
      load: (owned) => this.executions.load(owned),
      step: (owned) => stepExecution(this.context, owned),
      collect: (owned) => collectExecution(this.context, this.activities, owned),
      collected: (owned, more) => { if (!more || !gathersOn(this.context, owned)) sendUnit(this.context, owned) },
      rested: (owned) => this.executions.rested(owned),
      turned: (rested) => this.executions.trim(rested),
    })
    this.#alarms = this.#createAlarms(parts)
    const alarms = this.#alarms
    this.context = {
      ...parts, incarnation, executions, commits, loop, activityCapacity: new ActivityCapacity(settings, clock),
      serving: () => serving(parts, incarnation),
      closesAwaited: () => clock.now() < this.#closesAwaitedUntil, emitClosed: events.emitClosed, emitUpdated: events.emitUpdated,
      accepts: (taskQueue, workflowType) => this.accepts(taskQueue, workflowType), adopt: (start) => this.executions.adopt(start),
      accepting: () => this.#accepting && !this.#over, over: () => this.#over, leaseIsFresh: () => this.#leaseIsFresh(),
      kickClaim: () => alarms.claim.at(0), kickClaimAt: (at) => alarms.claim.at(at),
      kickTasks: (at) => alarms.tasks.at(at), kickDeadline: (at) => alarms.expire.at(at), kickInbox: () => alarms.inbox.at(0),
      lose: (reason) => { if (!this.#over) events.onLost(reason) },
      background: (what, work) => this.#runBackground(what, work),
    }
    this.inbox = new InboxReader(this.context)
    this.activities = new ActivityDesk(this.context)
    this.queries = new QueryDesk(this.context, this.inbox)
    const holder = new ExecutionHolder(this.context, this.activities)
    this.executions = new ExecutionDesk(this.context, this.activities, holder)
    const outcomes = new ExecutionOutcomes(this.context, this.activities, this.inbox)
    this.#outcomes = outcomes
    this.#liveness = new Liveness(this.context)
    this.#overdueRuns = new OverdueRuns(this.context, (owned, reason) => this.drop(owned, reason))
    this.#onLost = events.onLost
    alarms.tick.at(0)
  }

  /** Nothing is under way but activities: it waits for time, for them, or for messages. */
  get atRest(): boolean {
    const { loop, commits } = this.context
    const isRinging = Object.values(this.#alarms).some((alarm) => alarm.running)
    return loop.atRest && commits.atRest && !isRinging && this.#background.size === 0 && !this.activities.claiming
  }

  onHint(topic: string): void {
    if (this.#over) return
    const all = topic === '*'
    if (all || topic === 'queue') {
      this.#alarms.claim.at(0)
      this.#alarms.tasks.at(0)
      this.#alarms.inbox.at(0)
    } else if (topic === `worker:${this.incarnation}`) this.#alarms.inbox.at(0)
    if (all || topic === 'waiting') this.#closesAwaitedUntil = this.context.clock.now() + waitingHintMs
    if (all || topic === 'query') this.#alarms.queries.at(0)
  }

  /** Gives everything back and leaves; what still runs after the grace time is cut off and counts as lost. */
  async drain(): Promise<void> {
    this.#accepting = false
    const { clock, settings, executions } = this.context
    const endAt = clock.now() + settings.shutdownGraceMs
    let told = false
    while (clock.now() < endAt && !this.#over) {
      this.activities.giveUpWaiting()
      this.executions.releaseAll()
      if (executions.size === 0 && this.activities.running === 0 && !this.activities.claiming) break
      if (!told && endAt - clock.now() < settings.shutdownGraceMs / 2) {
        told = true
        this.activities.cancelAll('WORKER_SHUTDOWN')
      }
      await new Promise<void>((resolve) => void clock.timer(2, resolve))
    }
    // A database that is away must not keep the process: what could not be sent by then is taken up by others.
    const pauseMs = Math.max(drainPauseMsMin, endAt - clock.now())
    const settled = this.activities.settled().then(() => this.context.commits.settled())
    const { promise: waited, resolve } = Promise.withResolvers<void>()
    const stopTimer = clock.timer(pauseMs, resolve)
    await Promise.race([settled, waited])
    stopTimer()
    this.end('the worker stopped')
    await Promise.allSettled(this.#background)
    await signOff(this.context, this.incarnation)
    await this.#lease.stop()
  }

  /** Stops at once and forgets everything. */
  end(reason: string): void {
    if (this.#over) return
    this.#over = true
    for (const alarm of Object.values(this.#alarms)) alarm.stop()
    this.context.commits.stop()
    this.queries.stop()
    this.activities.abandonAll(reason)
    for (const owned of this.context.executions.all()) {
      if (owned.unit !== undefined) refuseStarts([owned.unit]) // one in the middle of its first activation was not added yet
      owned.phase = 'gone'
      owned.stopTimer?.()
      owned.live = undefined
    }
  }

  /** It runs, serves the queue, knows the type and has a free place. */
  accepts(taskQueue: string, workflowType: string): boolean {
    const { settings, registry, accepting } = this.context
    return accepting() && settings.taskQueues.includes(taskQueue) && registry.workflow(workflowType) !== undefined &&
      this.executions.free(taskQueue) > 0
  }

  drop(owned: OwnedExecution, reason: string): void {
    this.#outcomes.drop(owned, reason)
  }

  async releaseLease(): Promise<void> {
    await this.#lease.stop()
  }

  #createAlarms(parts: WorkerParts): Readonly<Record<AlarmName, Alarm>> {
    const { clock } = parts
    const beats: Clock = { now: () => clock.now(), correct: () => undefined, timer: (clock.beat ?? clock.timer).bind(clock) }
    const guarded = (what: string, work: () => Promise<void>, by = clock) => new Alarm(by, () => this.#guard(what, work))
    return {
      claim: guarded('claiming executions', () => this.#claimed(this.executions.claim())),
      tasks: guarded('claiming activities', () => this.#claimed(this.activities.claim())),
      expire: guarded('ending overdue activities', () => this.activities.expire()),
      overdue: guarded('ending overdue executions', () => this.#overdueRuns.end()),
      inbox: guarded('reading the inbox', () => this.inbox.read()),
      queries: guarded('answering queries', () => this.queries.claim()),
      tick: guarded('the tick', () => this.#tick(), beats),
    }
  }

  /** What a claim took without our knowing would never be run here, nor by others while we live. */
  async #claimed(claim: Promise<void>): Promise<void> {
    try {
      await claim
    } catch (error) {
      if (!(error instanceof StoreOutcomeUnknownError)) throw error
      if (!this.#over) this.#onLost(error.message)
    }
  }

  /** The fused tick: one statement when idle. */
  async #tick(): Promise<void> {
    const { clock, settings, store } = this.context
    this.#alarms.tick.after(settings.tickMs) // it corrects the clock, so it does not go by it
    this.#lease.mainMoved()
    const sentAt = clock.now()
    const look = await store.tick(serving(this.context, this.incarnation), settings.leaseMs)
    if (this.#over) return
    if (!look.alive) return this.#onLost('its lease was taken')
    this.#lease.mainRenewed()
    clock.correct(look.now)
    this.#renewedAt = sentAt
    this.#actOn(look)
    this.activities.makeLongRunningVisible()
    this.activities.askAboutSilent()
    this.executions.releaseIdle()
    this.executions.trim()
    this.#liveness.observe(look.suspects)
  }

  /** A clock that was set back tells nothing. */
  #leaseIsFresh(): boolean {
    const ageMs = this.context.clock.now() - this.#renewedAt
    return ageMs >= 0 && ageMs <= leaseFreshMs
  }

  #actOn(look: Look): void {
    this.context.activityCapacity.noteLimited(look.limitedQueues)
    this.executions.othersWait = look.claimAt !== null && look.claimAt <= look.now
    if (look.claimAt !== null) this.#alarms.claim.at(look.claimAt)
    if (look.taskAt !== null) this.#alarms.tasks.at(look.taskAt)
    if (look.deadlineAt !== null) this.#alarms.expire.at(look.deadlineAt)
    if (typeof look.expiresAt === 'number') this.#alarms.overdue.at(look.expiresAt)
    if (look.inbox) this.#alarms.inbox.at(0)
    if (look.queries) this.#alarms.queries.at(0)
    if (look.cancelRequests) this.context.background('reading cancel requests', () => this.activities.readCancelRequests())
  }

  #runBackground(what: string, work: () => Promise<void>): void {
    const running = this.#guard(what, work).finally(() => this.#background.delete(running))
    this.#background.add(running)
  }

  /** The next tick finds again whatever could not be done now (I5). */
  async #guard(what: string, work: () => Promise<void>): Promise<void> {
    if (this.#over) return
    try {
      await work()
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      if (!this.#over) this.context.logger.warn(`${what} failed and is tried again: ${reason}`)
    }
  }
}

export function serving({ settings, registry }: WorkerParts, incarnation: Incarnation): Serving {
  const workflowTypes = registry.workflowTypes()
  return {
    incarnation, namespace: settings.namespace, taskQueues: settings.taskQueues, workflowTypes, activityTypes: registry.activityTypes(),
    buildId: settings.buildId ?? sourceBuild(registry),
  }
}

const builds = new WeakMap<readonly string[], string>()

/** Other code, other build: a hash of what the registered workflows look like. The list of types is a new object at each registration. */
export function sourceBuild(registry: WorkerParts['registry']): string {
  const types = registry.workflowTypes()
  const known = builds.get(types)
  if (known !== undefined) return known
  const hash = createHash('sha256')
  for (const type of types) hash.update(`${type}\n${registry.workflow(type)?.toString() ?? ''}\n`)
  const build = hash.digest('hex').slice(0, 16)
  builds.set(types, build)
  return build
}
