/**
 * A worker: runs workflows and activities. It keeps one session (incarnation) at a time and starts the next when one is
 * lost; while the database is away it keeps trying.
 */
import type { LocalWorker } from '../client/local-worker.ts'
import { tickMs } from '../limits.ts'
import { carefulLogger } from '../ports/careful-logger.ts'
import { StoreUnavailableError } from '../ports/store-error.ts'
import type { ClosedExecution, QueryReply, UpdateState } from '../ports/store.ts'
import type { Incarnation, RunId } from '../protocol/ids.ts'
import type { InboxMessage } from '../protocol/inbox-message.ts'
import type { Payload } from '../protocol/payload.ts'
import type { StartOutcome, StartRecord } from '../protocol/transition.ts'
import type { WorkerParts } from './context/worker-context.ts'
import { serving, Session, sourceBuild } from './session.ts'
import { signOff } from './sign-off.ts'
import { installUnhandledRejections } from './turns/unhandled-rejections.ts'

export interface WorkerStatus {
  readonly running: boolean
  readonly incarnation: number | null
  readonly executions: number
  readonly activities: number
  /** It runs, and nothing is under way but activities. */
  readonly atRest: boolean
}

export interface Worker extends LocalWorker {
  /** Resolves once it has registered, or with the first failure noted while it keeps trying in the background. */
  start(): Promise<void>
  /** Drains; works twice and before start. */
  stop(): Promise<void>
  onHint(topic: string): void
  status(): WorkerStatus
}

const renewPauseMs = 300

export function createWorker(parts: WorkerParts): Worker {
  return new SessionWorker({ ...parts, logger: carefulLogger(parts.logger) })
}

class SessionWorker implements Worker {
  readonly #parts: WorkerParts
  readonly #closedListeners = new Set<(closed: ClosedExecution) => void>()
  readonly #updatedListeners = new Set<(state: UpdateState) => void>()
  #session: Session | undefined
  #opening: Promise<void> | undefined
  #stopping: Promise<void> | undefined
  #started = false
  #stopRetry: (() => void) | undefined
  #ratesSet = false
  /** An incarnation of ours that is over, or never began, and whose row still counts as alive. */
  #leftOver: Incarnation | undefined

  constructor(parts: WorkerParts) {
    this.#parts = parts
  }

  async start(): Promise<void> {
    if (this.#started) return
    this.#started = true
    installUnhandledRejections()
    this.#opening = this.#open()
    await this.#opening
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  accepts(taskQueue: string, workflowType: string): boolean {
    return this.#session?.accepts(taskQueue, workflowType) === true
  }

  startExecution(record: StartRecord): Promise<StartOutcome> {
    const session = this.#session
    if (session === undefined) return Promise.reject(new StoreUnavailableError('The worker is between two incarnations; start it again'))
    return session.executions.start(record)
  }

  kick(at = 0): void {
    this.#session?.context.kickClaimAt(at)
    this.#session?.context.kickInbox()
  }

  /** Messages are taken from the inbox only: a late answer to a post may bring one that was read and consumed long ago. */
  deliver(message: InboxMessage): void {
    const context = this.#session?.context
    if (context?.executions.get(message.runId) === undefined) context?.kickClaim()
    else context.kickInbox()
  }

  query(runId: RunId, name: string, args: Payload): Promise<QueryReply> | undefined {
    return this.#session?.queries.query(runId, name, args)
  }

  forget(runId: RunId): void {
    const session = this.#session
    const owned = session?.context.executions.get(runId)
    if (session !== undefined && owned !== undefined) session.drop(owned, 'the execution was terminated')
  }

  onClosed(listener: (closed: ClosedExecution) => void): () => void {
    this.#closedListeners.add(listener)
    return () => void this.#closedListeners.delete(listener)
  }

  onUpdated(listener: (state: UpdateState) => void): () => void {
    this.#updatedListeners.add(listener)
    return () => void this.#updatedListeners.delete(listener)
  }

  onHint(topic: string): void {
    this.#session?.onHint(topic)
  }

  status(): WorkerStatus {
    const session = this.#session
    return {
      running: session !== undefined, incarnation: session?.incarnation ?? null, executions: session?.context.executions.size ?? 0,
      activities: session?.activities.running ?? 0, atRest: session?.atRest ?? false,
    }
  }

  /** Once, at the start: nothing is to begin without them, and what is set meanwhile elsewhere is to stay. */
  async #setRates(): Promise<void> {
    const { store, settings: { namespace, queueRates } } = this.#parts
    if (this.#ratesSet) return
    for (const [taskQueue, activitiesPerSecond] of queueRates) await store.setQueueLimits(namespace, taskQueue, { activitiesPerSecond })
    this.#ratesSet = true
  }

  async #open(): Promise<void> {
    const { store, settings, registry, logger, clock } = this.#parts
    try {
      if (this.#leftOver !== undefined) await store.retireWorker(this.#leftOver)
      this.#leftOver = undefined
      await this.#setRates()
      const { namespace, identity, taskQueues, leaseMs } = settings
      const buildId = settings.buildId ?? sourceBuild(registry)
      const types = { workflowTypes: registry.workflowTypes(), activityTypes: registry.activityTypes() }
      const { incarnation, now } = await store.registerWorker({ namespace, identity, buildId, taskQueues, ...types, leaseMs })
      this.#leftOver = incarnation
      clock.correct(now)
      const lease = await this.#renewUntil(store.keepLease(incarnation, leaseMs), incarnation)
      if (this.#stopping !== undefined) return await lease.stop()
      this.#leftOver = undefined
      this.#session = new Session(this.#parts, incarnation, lease, {
        emitClosed: (closed) => { for (const listener of this.#closedListeners) listener(closed) },
        emitUpdated: (state) => { for (const listener of this.#updatedListeners) listener(state) },
        onLost: (reason) => this.#onLost(incarnation, reason),
      })
    } catch (error) {
      logger.warn(`The worker could not start and tries again: ${error instanceof Error ? error.message : String(error)}`)
      if (this.#stopping === undefined) {
        this.#stopRetry = clock.timer(tickMs, () => { this.#opening = this.#open() })
      }
    }
  }

  /** Until the lock that proves its life is held, a worker looks dead to others unless its lease moves. */
  async #renewUntil<T>(locked: Promise<T>, incarnation: Incarnation): Promise<T> {
    const { store, clock, settings } = this.#parts
    let done = false
    let stopTimer: (() => void) | undefined
    const renew = async (): Promise<void> => {
      await store.tick(serving(this.#parts, incarnation), settings.leaseMs).catch(() => undefined)
      if (!done) stopTimer = clock.timer(renewPauseMs, () => void renew())
    }
    stopTimer = clock.timer(renewPauseMs, () => void renew())
    try {
      return await locked
    } finally {
      done = true
      stopTimer()
    }
  }

  #onLost(incarnation: Incarnation, reason: string): void {
    const lost = this.#session
    if (lost === undefined || lost.incarnation !== incarnation) return
    this.#session = undefined
    this.#leftOver = incarnation
    this.#parts.logger.warn(`Worker ${incarnation} starts over as a new incarnation: ${reason}`)
    lost.end(reason)
    this.#opening = (async () => {
      await lost.releaseLease().catch(() => undefined)
      if (this.#stopping === undefined) await this.#open()
    })()
  }

  async #stop(): Promise<void> {
    this.#stopRetry?.()
    await this.#opening
    const session = this.#session
    if (session !== undefined) await session.drain()
    this.#session = undefined
    if (this.#leftOver !== undefined) await signOff(this.#parts, this.#leftOver)
  }
}
