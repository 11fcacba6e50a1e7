/** The engine that people open: the one place where store, client and worker are put together. */
import './deterministic-globals.ts'
import { createRegistry, createSystemClock, createWorker, createWorkflowClient, PerdureError } from '@perdure/engine'
import type { Clock, Notifier, Registry, Store, Worker, WorkflowClient } from '@perdure/engine'
import { databaseOf, type Database } from './database.ts'
import { resolveOptions, type EngineOptions, type ResolvedOptions } from './engine-options.ts'
import { healthOf, type EngineHealth } from './health.ts'
import { withLocalHints } from './local-hints.ts'
import { activitiesOf, workflowsOf, type Activities, type Workflows } from './registration.ts'

export type { EngineOptions, WorkerOptions } from './engine-options.ts'

/**
 * Durable workflows on a database.
 *
 * Opening connects; then it starts, signals and reads executions. `start()` adds the worker, which runs them.
 *
 * @example
 * const engine = await Engine.open({ database: 'orders.db' })
 * engine.workflows.register(workflows)
 * engine.activities.register(activities)
 * await engine.start()
 */
export class Engine {
  /** Starts executions, talks to them, waits for them, looks at them; registers workflows. */
  readonly workflows: Workflows
  readonly activities: Activities
  readonly #options: ResolvedOptions
  readonly #store: Store
  readonly #notifier: Notifier | undefined
  readonly #clock: Clock
  readonly #registry: Registry
  readonly #client: WorkflowClient
  readonly #worker: Worker | undefined
  #starting: Promise<void> | undefined
  #stopping: Promise<void> | undefined

  private constructor(options: ResolvedOptions, { store, notifier }: Database, clock: Clock) {
    const { logger, namespace, taskQueue, identity, worker: settings } = options
    this.#options = options
    this.#store = store
    this.#notifier = notifier
    this.#clock = clock
    const registry = createRegistry()
    this.#registry = registry
    const toClient = withLocalHints(options, notifier, (topic) => this.#client.onHint(topic))
    this.#worker = settings === undefined ? undefined : createWorker({ store, notifier: toClient, clock, logger, registry, settings })
    this.#client = createWorkflowClient({
      store, clock, logger, registry, namespace, taskQueue, identity,
      notifier: withLocalHints(options, notifier, (topic) => this.#worker?.onHint(topic)),
      localWorker: this.#worker,
      servedTaskQueues: settings?.taskQueues ?? [],
    })
    const refuseStopped = (): void => {
      if (this.#stopping !== undefined) throw stopped()
    }
    this.workflows = workflowsOf(registry, this.#client, refuseStopped)
    this.activities = activitiesOf(registry, refuseStopped)
  }

  /**
   * Connects, and creates or migrates the schema.
   * @throws PerdureError ENGINE_OPTIONS_INVALID, StoreUnavailableError, SchemaTooNewError, StoreCorruptError, StoreReadOnlyError
   */
  static async open(options: EngineOptions = {}): Promise<Engine> {
    const resolved = resolveOptions(options)
    const database = await databaseOf(resolved)
    const { store } = database
    const clock = createSystemClock()
    try {
      await store.open()
      clock.correct(await store.ping())
      const engine = new Engine(resolved, database, clock)
      await engine.#listen()
      return engine
    } catch (error) {
      await database.notifier?.stop()
      await store.close().catch(() => undefined)
      throw error
    }
  }

  /** True from start (with `worker: false` from opening) to stop, while the worker runs. */
  get isReady(): boolean {
    if (this.#stopping !== undefined) return false
    return this.#worker === undefined || this.#worker.status().running
  }

  /** Starts the worker. Works twice. While the database is away the worker keeps trying. */
  async start(): Promise<void> {
    if (this.#stopping !== undefined) throw stopped()
    this.#starting ??= this.#worker?.start() ?? Promise.resolve()
    await this.#starting
  }

  /** Drains: running activities may end, within the grace time; the rest goes on with the next worker. Works twice and before start. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async health(): Promise<EngineHealth> {
    return healthOf({
      options: this.#options, store: this.#store, clock: this.#clock, registry: this.#registry, worker: this.#worker,
      stopped: this.#stopping !== undefined,
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  /** Hints only make things faster (I5): without them the engine opens all the same. */
  async #listen(): Promise<void> {
    try {
      await this.#notifier?.start((topic) => {
        this.#client.onHint(topic)
        this.#worker?.onHint(topic)
      })
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      this.#options.logger.warn('No hints between processes: polling only', { reason })
    }
  }

  async #stop(): Promise<void> {
    try {
      await this.#starting?.catch(() => undefined)
      await this.#worker?.stop()
    } finally {
      await this.#client.stop(stopped())
      await this.#notifier?.stop()
      await this.#store.close()
    }
  }
}

function stopped(): PerdureError {
  return new PerdureError('ENGINE_STOPPED', 'The engine was stopped; open another with Engine.open()')
}
