/** Options of an engine: checked, and completed with what was left out. */
import { hostname } from 'node:os'
import {
  checkedId, checkedNamespaceName, checkQueueLimits, leaseMs as leaseMsDefault, tickMs as tickMsDefault, valuesOf,
} from '@perdure/engine'
import type {
  ActivityInterceptorsFactory, FailureConverter, Logger, Measurement, Notifier, PayloadCodec, QueryRejectCondition, Store, ValueConverter,
  WorkerSettings, WorkflowClientInterceptor,
} from '@perdure/engine'
import type { Duration, PayloadConverter, WorkflowInterceptorsFactory } from '@perdure/workflow'
import { durationToMs } from '@perdure/workflow/host'
import { checkLogger } from './logging/given-logger.ts'
import { checkMembers, invalid, type Kind, listOf, shown, wholeNumber } from './option-checks.ts'

export interface EngineOptions {
  /** Path of a SQLite file, a `postgres://` URL, or ':memory:'. Default 'perdure.db'. */
  readonly database?: string
  /** In place of `database`. The engine opens and closes it. */
  readonly store?: Store
  readonly notifier?: Notifier
  /** Default 'default'. */
  readonly namespace?: string
  /** Queue of starts that name none, and the one that the worker serves. Default 'default'. */
  readonly taskQueue?: string
  /** Who this is, in histories and lists of workers. Default pid@hostname. */
  readonly identity?: string
  /** False: a producer, which never runs or recovers work. */
  readonly worker?: false | WorkerOptions
  /** Limits of task queues, by their names. */
  readonly queues?: Readonly<Record<string, QueueOptions>>
  /**
   * Whatever has debug, info, warn and error, each (message, attributes); or a pino. Default: pino on stderr, from level info;
   * PERDURE_LOG_LEVEL=trace|debug|info|warn|error|silent says how much. See docs/logging.md.
   */
  readonly logger?: Logger
  /** False: no hints between processes, polling only. Default true. */
  readonly hints?: boolean
  /** What stands around calls of the client, of workflows and of activities: docs/interceptors.md. */
  readonly interceptors?: Interceptors
  /**
   * Takes what the `metricMeter` of workflows and activities measures, with tags that say where. Of a workflow each value comes once,
   * when it is durable, and never on replay.
   */
  readonly onMetric?: (measurement: Measurement) => void
  /** How values are stored, where that is not as JSON: docs/data-conversion.md. */
  readonly dataConverter?: DataConverter
  /** Of which executions queries are refused. Default 'NONE': closed ones answer too. */
  readonly queryRejectCondition?: QueryRejectCondition
}

export interface DataConverter {
  /**
   * In place of JSON for arguments, results, heartbeat details and details of failures. Every process must have the same. It is called
   * in workflows too: it is synchronous and deterministic, and reads `json/plain`.
   */
  readonly payloadConverter?: PayloadConverter
  /**
   * Between what is thrown and what is stored of it: see `DefaultFailureConverter`, which is what a payload converter alone is used
   * with. Every process must have the same; synchronous and deterministic too.
   */
  readonly failureConverter?: FailureConverter
  /** What is stored goes through these: encryption, compression. The last encodes first, as on Temporal. */
  readonly payloadCodecs?: readonly PayloadCodec[]
}

/** In each list the first is the outermost. */
export interface Interceptors {
  readonly client?: { readonly workflow?: readonly WorkflowClientInterceptor[] }
  /** Called for each execution when it comes into memory, in its context. */
  readonly workflow?: readonly WorkflowInterceptorsFactory[]
  /** Called for each attempt of an activity, in its context. */
  readonly activity?: readonly ActivityInterceptorsFactory[]
}

export interface WorkerOptions {
  /** Default: the engine's taskQueue. */
  readonly taskQueues?: readonly string[]
  /** Executions owned at once. Default 10,000. */
  readonly maxConcurrentWorkflows?: number
  /** Default 100. */
  readonly maxConcurrentActivities?: number
  /**
   * Which errors that workflow code lets out fail its execution, by workflow type or for all ('*'); any other holds it until
   * other code comes. Failures and cancellations always fail it. Default { '*': ['Error'] }: every error; {}: as on Temporal.
   * @example workflowFailureErrorTypes: { '*': ['RangeError'], orderProcessing: ['Error'] }
   */
  readonly workflowFailureErrorTypes?: Readonly<Record<string, readonly string[]>>
  /** Activities begun a second by this worker. Default: as many as come. */
  readonly activitiesPerSecond?: number
  /** Live executions kept in memory; 0: every event replays its execution from the beginning. Default 1,000. */
  readonly maxCachedWorkflows?: number
  /** Histories behind the live executions kept in memory, in MiB; what they hold grows with it. Default 256. */
  readonly maxCachedMegabytes?: number
  /** How long running activities may take to end when the engine stops. Default '5 seconds'. */
  readonly shutdownGraceTime?: Duration
  /** Version of the workflow code. Default: a hash of the source text of the registered workflows. */
  readonly buildId?: string
  /** For tests: pause between two ticks, and the lease, in milliseconds. */
  readonly tickMs?: number
  readonly leaseMs?: number
}

export interface QueueOptions {
  /** Executions of this queue that this worker owns at once. Default: the worker's limit. */
  readonly maxConcurrentWorkflows?: number
  /** Activities of this queue that this worker runs at once. Default: the worker's limit. */
  readonly maxConcurrentActivities?: number
  /**
   * Activities of this queue begun a second by all workers together. Stored when a worker starts: the last one that
   * sets it wins, and one that sets none leaves it as it is.
   */
  readonly activitiesPerSecond?: number
}

export interface FromConfigOptions {
  /** The file; it must exist. Default: PERDURE_CONFIG, then perdure.yaml or perdure.yml in the working directory, then none. */
  readonly path?: string
  /**
   * Options that win over file and environment; those of the worker one by one. Options of a worker also start one where the
   * configuration says `worker.enabled: false`.
   */
  readonly overrides?: EngineOptions
}

/** Complete but for the logger, which is loaded when it is known to be needed. */
export interface CheckedOptions {
  readonly database: string
  /** Nobody said where the data is to lie. */
  readonly isDefaultDatabase: boolean
  readonly store: Store | undefined
  readonly notifier: Notifier | undefined
  readonly namespace: string
  readonly taskQueue: string
  readonly identity: string
  /** Undefined: a producer. */
  readonly worker: WorkerSettings | undefined
  /** Undefined: the default. */
  readonly logger: Logger | undefined
  readonly hints: boolean
  readonly interceptors: CheckedInterceptors
  readonly payloadCodecs: readonly PayloadCodec[]
  /** Undefined: JSON. */
  readonly values: ValueConverter | undefined
  readonly onMetric: ((measurement: Measurement) => void) | undefined
  readonly queryRejectCondition: QueryRejectCondition
}

export interface CheckedInterceptors {
  readonly client: readonly WorkflowClientInterceptor[]
  readonly workflow: readonly WorkflowInterceptorsFactory[]
  readonly activity: readonly ActivityInterceptorsFactory[]
}

export const shutdownGraceTimeDefault = '5 seconds'

export interface ResolvedOptions extends CheckedOptions {
  readonly logger: Logger
}

function checkedListener(given: unknown): CheckedOptions['onMetric'] {
  if (given === undefined || typeof given === 'function') return given as CheckedOptions['onMetric']
  throw invalid(`The onMetric of Engine.open() is of type ${typeof given}; pass a function that takes a measurement`)
}

const engineKinds: Readonly<Record<keyof EngineOptions, Kind | undefined>> = {
  database: 'string', store: 'object', notifier: 'object', namespace: 'string', taskQueue: 'string', identity: 'string', worker: undefined,
  logger: 'object', hints: 'boolean', queues: 'object', interceptors: 'object', queryRejectCondition: 'string',
  dataConverter: 'object', onMetric: undefined,
}
const workerKinds: Readonly<Record<keyof WorkerOptions, Kind | undefined>> = {
  taskQueues: undefined, maxConcurrentWorkflows: undefined, maxConcurrentActivities: undefined, activitiesPerSecond: undefined,
  maxCachedWorkflows: undefined, maxCachedMegabytes: undefined, shutdownGraceTime: undefined, buildId: 'string', tickMs: undefined,
  leaseMs: undefined, workflowFailureErrorTypes: 'object',
}

/** @throws PerdureError ENGINE_OPTIONS_INVALID, DURATION_INVALID, ID_INVALID, NAMESPACE_INVALID, QUEUE_LIMITS_INVALID */
export function resolveOptions(given: EngineOptions): CheckedOptions {
  checkMembers(given, engineKinds, 'Engine.open()')
  const { store, notifier, namespace = 'default', taskQueue = 'default', identity = `${process.pid}@${hostname()}` } = given
  if (given.logger !== undefined) checkLogger(given.logger)
  if (store !== undefined && given.database !== undefined) throw invalid('Engine.open() takes a database or a store, not both')
  if (notifier !== undefined && store === undefined) throw invalid('Engine.open() takes a notifier only together with a store')
  checkedNamespaceName(namespace)
  checkedId(taskQueue, 'taskQueue of Engine.open()')
  checkedId(identity, 'identity of Engine.open()')
  const database = given.database ?? 'perdure.db'
  checkDatabase(database)
  const queues = { limits: queueSettings(given.queues), rates: queueRates(given.queues) }
  return {
    database, store, notifier, namespace, taskQueue, identity,
    isDefaultDatabase: given.database === undefined && store === undefined,
    worker: given.worker === false ? undefined : workerSettings(given.worker, { namespace, taskQueue, identity, queues }),
    logger: given.logger,
    hints: given.hints ?? true,
    interceptors: checkedInterceptors(given.interceptors),
    payloadCodecs: checkedCodecs(given.dataConverter),
    values: checkedConverters(given.dataConverter),
    onMetric: checkedListener(given.onMetric),
    queryRejectCondition: rejectCondition(given.queryRejectCondition),
  }
}

function checkedCodecs(given: DataConverter = {}): readonly PayloadCodec[] {
  for (const option of ['payloadConverter', 'failureConverter']) {
    if (!(`${option}Path` in given)) continue
    throw invalid(`The option dataConverter of Engine.open() takes no ${option}Path: nothing is bundled; pass the object as ${option}`)
  }
  const kinds: Readonly<Record<keyof DataConverter, Kind | undefined>> = {
    payloadCodecs: undefined, payloadConverter: 'object', failureConverter: 'object',
  }
  checkMembers(given, kinds, 'dataConverter of Engine.open()')
  const { payloadCodecs = [] } = given
  const codecs = listOf(payloadCodecs, 'object', 'dataConverter.payloadCodecs', 'codecs')
  if (codecs.every(({ encode, decode }) => typeof encode === 'function' && typeof decode === 'function')) return codecs
  throw invalid('A codec of the option dataConverter.payloadCodecs of Engine.open() lacks the method encode or decode')
}

/** @throws PerdureError ENGINE_OPTIONS_INVALID */
export function checkedConverters({ payloadConverter, failureConverter }: DataConverter = {}): ValueConverter | undefined {
  requireMethods('payloadConverter', payloadConverter, ['toPayload', 'fromPayload'])
  requireMethods('failureConverter', failureConverter, ['errorToFailure', 'failureToError'])
  return valuesOf({ payloadConverter, failureConverter })
}

function requireMethods(option: keyof DataConverter, converter: object | undefined, methods: readonly [string, string]): void {
  if (converter === undefined) return
  if (methods.every((name) => typeof (converter as Readonly<Record<string, unknown>>)[name] === 'function')) return
  throw invalid(`The option dataConverter.${option} of Engine.open() lacks the method ${methods.join(' or ')}`)
}

const interceptorKinds: Readonly<Record<keyof Interceptors, Kind | undefined>> = {
  client: 'object', workflow: undefined, activity: undefined,
}

function checkedInterceptors(given: Interceptors = {}): CheckedInterceptors {
  checkMembers(given, interceptorKinds, 'interceptors of Engine.open()')
  const { client = {}, workflow = [], activity = [] } = given
  checkMembers(client, { workflow: undefined }, 'interceptors.client of Engine.open()')
  return {
    client: listOf(client.workflow ?? [], 'object', 'interceptors.client.workflow', 'objects with methods such as start and signal'),
    workflow: listOf(workflow, 'function', 'interceptors.workflow', 'functions that return { inbound, outbound }'),
    activity: listOf(activity, 'function', 'interceptors.activity', 'functions that return { inbound, outbound }'),
  }
}

const rejectConditions: readonly QueryRejectCondition[] = ['NONE', 'NOT_OPEN', 'NOT_COMPLETED_CLEANLY']

function rejectCondition(given: QueryRejectCondition = 'NONE'): QueryRejectCondition {
  if (rejectConditions.includes(given)) return given
  throw invalid(`The option queryRejectCondition of Engine.open() is ${shown(given)}; give one of ${rejectConditions.join(', ')}`)
}

export function isPostgres(database: string): boolean {
  return /^postgres(ql)?:\/\//i.test(database)
}

/** Of what looks like a URL that is not supported: its beginning, since the rest may hold a password. */
export function strangeScheme(database: string): string | undefined {
  if (isPostgres(database)) return undefined
  return /^(?:[a-z][a-z0-9+.-]*:\/\/|postgres(?:ql)?(?::|\/\/))/i.exec(database)?.[0]
}

function checkDatabase(database: string): void {
  const remedy = "give the path of a SQLite file ('orders.db'), ':memory:', or a URL 'postgres://user:password@host:5432/database'"
  const scheme = strangeScheme(database)
  if (scheme !== undefined) {
    const problem = scheme.endsWith('://') ? 'which is not supported'
      : `without the ${scheme.endsWith('//') ? 'colon' : 'two slashes'} of a URL`
    throw invalid(`The database begins with '${scheme}', ${problem}; ${remedy}`)
  }
}

function workerSettings(
  given: WorkerOptions | undefined,
  engine: {
    readonly namespace: string
    readonly taskQueue: string
    readonly identity: string
    readonly queues: { readonly limits: WorkerSettings['queues']; readonly rates: WorkerSettings['queueRates'] }
  },
): WorkerSettings {
  if (given !== undefined && (typeof given !== 'object' || given === null)) {
    throw invalid(`The option worker of Engine.open() is ${shown(given)}; give false, or an object of worker options`)
  }
  const options = given ?? {}
  checkMembers(options, workerKinds, 'the worker of Engine.open()')
  return {
    namespace: engine.namespace,
    identity: engine.identity,
    taskQueues: taskQueuesOf(options.taskQueues, engine.taskQueue),
    buildId: options.buildId === undefined ? undefined : checkedId(options.buildId, 'buildId of the worker'),
    maxConcurrentWorkflows: wholeNumber(options.maxConcurrentWorkflows ?? 10_000, 1, 'maxConcurrentWorkflows'),
    maxConcurrentActivities: wholeNumber(options.maxConcurrentActivities ?? 100, 1, 'maxConcurrentActivities'),
    activitiesPerSecond: rate(options.activitiesPerSecond, 'of the worker'),
    queues: engine.queues.limits,
    queueRates: engine.queues.rates,
    maxCachedWorkflows: wholeNumber(options.maxCachedWorkflows ?? 1_000, 0, 'maxCachedWorkflows'),
    maxCachedBytes: wholeNumber(options.maxCachedMegabytes ?? 256, 1, 'maxCachedMegabytes') * 2 ** 20,
    shutdownGraceMs: durationToMs(options.shutdownGraceTime ?? shutdownGraceTimeDefault, 'shutdownGraceTime of the worker'),
    tickMs: wholeNumber(options.tickMs ?? tickMsDefault, 1, 'tickMs'),
    leaseMs: wholeNumber(options.leaseMs ?? leaseMsDefault, 1, 'leaseMs'),
    workflowFailureErrorTypes: failureErrorTypes(options.workflowFailureErrorTypes),
  }
}

type Queues = Readonly<Record<string, QueueOptions>>

const queueKinds: Readonly<Record<keyof QueueOptions, undefined>> = {
  maxConcurrentWorkflows: undefined, maxConcurrentActivities: undefined, activitiesPerSecond: undefined,
}

function queueSettings(queues: Queues = {}): WorkerSettings['queues'] {
  return new Map(Object.entries(queues).map(([name, options]) => {
    checkedId(name, 'name of a queue of Engine.open()')
    checkMembers(options, queueKinds, `the queue '${name}' of Engine.open()`)
    const limit = (key: 'maxConcurrentWorkflows' | 'maxConcurrentActivities') => (
      options[key] === undefined ? undefined : wholeNumber(options[key], 1, key, `of the queue '${name}'`))
    return [name, { maxConcurrentWorkflows: limit('maxConcurrentWorkflows'), maxConcurrentActivities: limit('maxConcurrentActivities') }]
  }))
}

function queueRates(queues: Queues = {}): ReadonlyMap<string, number> {
  const rates = new Map<string, number>()
  for (const [name, { activitiesPerSecond }] of Object.entries(queues)) {
    const perSecond = rate(activitiesPerSecond, `of the queue '${name}'`)
    if (perSecond === undefined) continue
    checkQueueLimits(name, { activitiesPerSecond: perSecond })
    rates.set(name, perSecond)
  }
  return rates
}

function rate(value: number | undefined, where: string): number | undefined {
  if (value === undefined || (Number.isFinite(value) && value > 0)) return value
  throw invalid(`The option activitiesPerSecond ${where} is ${shown(value)}; give a number above 0, or leave it out`)
}

function failureErrorTypes(given: WorkerOptions['workflowFailureErrorTypes']): WorkerOptions['workflowFailureErrorTypes'] {
  const what = 'The workflowFailureErrorTypes of the worker'
  const remedy = "give a list of the names of error types, as in { '*': ['Error'] }"
  if (Array.isArray(given)) throw invalid(`${what} are a list; say for which workflows: ${remedy}`)
  for (const [type, names] of Object.entries(given ?? {})) {
    if (!Array.isArray(names)) throw invalid(`${what} for '${type}' are ${shown(names)}; ${remedy}`)
    const wrong: readonly unknown[] = names.filter((name) => typeof name !== 'string' || name === '')
    if (wrong.length > 0) throw invalid(`${what} for '${type}' hold ${shown(wrong[0])}; ${remedy}`)
  }
  return given
}

function taskQueuesOf(given: readonly string[] | undefined, taskQueue: string): readonly string[] {
  if (given === undefined) return [taskQueue]
  const isList = Array.isArray(given) && given.length > 0 && given.every((queue) => typeof queue === 'string' && queue !== '')
  if (!isList) throw invalid(`The option taskQueues of the worker is ${shown(given)}; give a list of names, or leave it out`)
  return [...new Set(given.map((queue) => checkedId(queue, 'task queue of the worker')))]
}
