/// <reference lib="esnext.disposable" preserve="true" />
/** The engine that people open: the one place where store, client and worker are put together. */
import './deterministic-globals.ts'
import {
  codedStore, createActivityCompletionClient, createNamespaceClient, createRegistry, createReplayClient, createSystemClock,
  createTaskQueueClient, createWorker, createWorkerClient, createWorkflowClient, defaultNamespace, PerdureError, requireNamespace,
} from '@perdure/engine'
import type {
  ClientParts, Clock, ConnectedClient, NamespaceClient, Notifier, Registry, Store, TaskQueueClient, Worker, WorkerClient,
} from '@perdure/engine'
import { configuredOptions } from './config/configured-options.ts'
import { databaseOf, type Database } from './database.ts'
import { refusing } from './disabled-client.ts'
import { resolveOptions, type CheckedOptions, type EngineOptions, type FromConfigOptions, type ResolvedOptions } from './engine-options.ts'
import { healthOf, type EngineHealth } from './health.ts'
import { withLocalHints } from './local-hints.ts'
import { acceptedLogger } from './logging/given-logger.ts'
import { levelOf } from './logging/log-settings.ts'
import { createLogger } from './logging/pino-logger.ts'
import { measuringTo } from './metric-listener.ts'
import { requireNode } from './node-version.ts'
import { activitiesOf, workflowsOf, type Activities, type Workflows } from './registration.ts'

export type { EngineOptions, FromConfigOptions, WorkerOptions } from './engine-options.ts'

interface Clocks {
  readonly clock: Clock
  /** That of calls: how long they wait. */
  readonly callersClock: Clock
}

/** An engine, and what of it only tests look at. */
export interface OpenEngine {
  readonly engine: Engine
  readonly registry: Registry
  readonly worker: Worker | undefined
  /** With payloads as code sees them. */
  readonly store: Store
  readonly values: ResolvedOptions['values']
}

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
  /** Creates namespaces, and looks at them: their ids, queues and lists are apart from each other. */
  readonly namespaces: NamespaceClient
  /** Looks at task queues of the namespace, and limits them over all workers. */
  readonly taskQueues: TaskQueueClient
  /** Looks at the workers of the namespace. */
  readonly workers: WorkerClient
  readonly #options: ResolvedOptions
  readonly #store: Store
  readonly #notifier: Notifier | undefined
  readonly #clock: Clock
  readonly #registry: Registry
  readonly #client: ConnectedClient
  readonly #worker: Worker | undefined
  /** What every call fails with where the configuration says `enabled: false`. */
  readonly #disabled: (() => PerdureError) | undefined
  #starting: Promise<void> | undefined
  #stopping: Promise<void> | undefined

  private constructor(
    options: ResolvedOptions, { store, notifier }: Database, { clock, callersClock }: Clocks, disabled?: () => PerdureError,
  ) {
    const { logger, namespace, taskQueue, identity, interceptors, queryRejectCondition, onMetric, values } = options
    const settings = disabled === undefined ? options.worker : undefined
    this.#options = { ...options, worker: settings }
    this.#disabled = disabled
    this.#store = store
    this.#notifier = notifier
    this.#clock = clock
    const registry = createRegistry()
    this.#registry = registry
    const toClient = withLocalHints(options, notifier, (topic) => this.#client.onHint(topic))
    const converting = values === undefined ? {} : { values }
    const intercepted = { workflowInterceptors: interceptors.workflow, activityInterceptors: interceptors.activity, ...converting }
    this.#worker = settings === undefined
      ? undefined
      : createWorker({
        store, notifier: toClient, clock, logger, registry, settings, client: () => this, ...intercepted,
        ...(onMetric === undefined ? {} : { measure: measuringTo(onMetric) }),
      })
    const clientParts: ClientParts = {
      store, clock: callersClock, logger, registry, namespace, taskQueue, identity, queryRejectCondition,
      interceptors: interceptors.client, ...converting,
      notifier: withLocalHints(options, notifier, (topic) => this.#worker?.onHint(topic)),
      localWorker: this.#worker,
      servedTaskQueues: settings?.taskQueues ?? [],
      workerNotStarted: () => this.#worker !== undefined && this.#starting === undefined,
      workflowCode: { interceptors: interceptors.workflow, failureErrorTypes: options.worker?.workflowFailureErrorTypes },
    }
    this.#client = createWorkflowClient(clientParts)
    const refuseStopped = (): void => {
      if (this.#stopping !== undefined && disabled === undefined) throw stopped()
    }
    const enabled = <T extends object>(client: T): T => disabled === undefined ? client : refusing<T>(disabled)
    const replay = createReplayClient(clientParts)
    this.workflows = workflowsOf(registry, enabled(this.#client), enabled(replay), refuseStopped)
    this.activities = activitiesOf(registry, enabled(createActivityCompletionClient(clientParts)), refuseStopped)
    this.namespaces = enabled(createNamespaceClient(store, namespace))
    this.taskQueues = enabled(createTaskQueueClient(store, namespace, taskQueue))
    this.workers = enabled(createWorkerClient(store, clock, namespace))
  }

  /**
   * Connects, and creates or migrates the schema.
   * @throws PerdureError NODE_TOO_OLD, ENGINE_OPTIONS_INVALID, ID_INVALID, NAMESPACE_NOT_FOUND, StoreUnavailableError, SchemaTooNewError,
   * StoreCorruptError, StoreReadOnlyError
   */
  static async open(options: EngineOptions = {}): Promise<Engine> {
    const { engine } = await Engine.openOn(options, createSystemClock())
    return engine
  }

  /** For perdure/testing: on another clock. @internal */
  static async openOn(options: EngineOptions, clock: Clock, callersClock = clock): Promise<OpenEngine> {
    requireNode()
    const resolved = await withLogger(resolveOptions(options))
    const database = withCodecs(await databaseOf(resolved), resolved)
    const { store } = database
    try {
      await store.open()
      clock.correct(await store.ping())
      await findNamespace(store, resolved)
      tellOfPooler(store, resolved)
      const engine = new Engine(resolved, database, { clock, callersClock })
      await engine.#listen()
      if (resolved.isDefaultDatabase) resolved.logger.info(`No database was given: the data lies in ${store.location}`)
      return { engine, registry: engine.#registry, worker: engine.#worker, store, values: resolved.values }
    } catch (error) {
      await database.notifier?.stop()
      await store.close().catch(() => undefined)
      throw error
    }
  }

  /**
   * As `open`, with the options of `perdure.yaml` and of the environment: docs/configuration.md.
   *
   * Without a path: PERDURE_CONFIG, else perdure.yaml in the working directory, else only the environment and the defaults.
   * With `enabled: false` nothing is opened: `register`, `start`, `stop` and `health` do no harm, every other call fails
   * with ENGINE_DISABLED.
   * @throws ConfigurationError CONFIG_NOT_FOUND, CONFIG_UNREADABLE, CONFIG_KEY_UNKNOWN, CONFIG_VALUE_INVALID,
   * CONFIG_VARIABLE_UNSET; and what `open` throws
   * @example const engine = await Engine.fromConfig({ path: 'config/perdure.yaml', overrides: { worker: false } })
   */
  static async fromConfig(given: string | FromConfigOptions = {}): Promise<Engine> {
    const { options, disabled } = await configuredOptions(given)
    if (disabled === undefined) return Engine.open(options)
    const resolved = await withLogger(resolveOptions(options))
    const clock = createSystemClock()
    return new Engine(resolved, await databaseOf({ ...resolved, hints: false }), { clock, callersClock: clock }, disabled)
  }

  /** True from start (with `worker: false` from opening) to stop, while the worker runs. */
  get isReady(): boolean {
    if (this.#stopping !== undefined || this.#disabled !== undefined) return false
    return this.#worker === undefined || this.#worker.status().running
  }

  /** Starts the worker. Works twice. While the database is away the worker keeps trying. */
  async start(): Promise<void> {
    if (this.#disabled !== undefined) return
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
      isEnabled: this.#disabled === undefined,
      whyOff: this.#disabled?.().message ?? (this.#stopping === undefined ? undefined : 'the engine is stopped'),
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

function withCodecs({ store, notifier }: Database, { payloadCodecs, logger }: ResolvedOptions): Database {
  return { store: payloadCodecs.length === 0 ? store : codedStore(store, payloadCodecs, logger), notifier }
}

/** A database in memory is new whenever it is opened: nobody could have created its namespace. */
async function findNamespace(store: Store, { namespace, database, store: given }: ResolvedOptions): Promise<void> {
  if (namespace === defaultNamespace) return
  if (given === undefined && database === ':memory:') await store.createNamespace({ name: namespace, description: '', retentionMs: null })
  else await requireNamespace(store, namespace)
}

async function withLogger({ logger: given, ...others }: CheckedOptions): Promise<ResolvedOptions> {
  const logger = given === undefined ? await createLogger({ level: levelOf(process.env) }) : await acceptedLogger(given)
  return { ...others, logger }
}

function tellOfPooler({ pooler, direct, location }: Store, { logger }: ResolvedOptions): void {
  if (pooler === undefined || direct === true) return
  logger.info(`PostgreSQL at ${location} is behind a pooler in transaction mode: no hints between processes, work of others is found by `
    + 'polling; no process locks, a worker that died is noticed when its lease ends. See docs/postgres.md')
}

function stopped(): PerdureError {
  return new PerdureError('ENGINE_STOPPED', 'The engine was stopped; open another with Engine.open()')
}
