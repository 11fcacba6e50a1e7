/** How options of an engine are checked, and what is told of those that are none: also of what other programs call them. */
import { PerdureError } from '@perdure/engine'
import { unknownOptionHint } from '@perdure/workflow/host'

export type Kind = 'string' | 'boolean' | 'object'

/** Of Temporal's clients and workers. */
const notYet: readonly string[] = ['plugins', 'sinks', 'temporal', 'tuner']

const bundled = 'nothing is bundled; pass the functions: engine.workflows.register(workflows)'
const connected = "there is no server to connect to; name the database, as in { database: 'orders.db' }"
/** What Temporal's clients and workers, or another part of these options, have under such a name. */
const elsewhere: Readonly<Record<string, string>> = {
  workflowsPath: bundled, workflowBundle: bundled, bundlerOptions: bundled, workflows: 'pass them to engine.workflows.register()',
  activities: 'pass them to engine.activities.register()',
  connection: connected, address: connected, apiKey: connected, tls: connected,
  payloadConverter: 'it stands in dataConverter: { payloadConverter }',
  failureConverter: 'it stands in dataConverter: { failureConverter }',
  payloadCodecs: 'it stands in dataConverter: { payloadCodecs }',
  maxConcurrentActivityTaskExecutions: 'it is maxConcurrentActivities here',
  maxConcurrentWorkflowTaskExecutions: 'it is maxConcurrentWorkflows here',
  maxActivitiesPerSecond: 'it is activitiesPerSecond here',
  maxTaskQueueActivitiesPerSecond: "it is one of a queue here: Engine.open({ queues: { 'mails': { activitiesPerSecond } } })",
}
const elsewhereOfInterceptors: Readonly<Record<string, string>> = {
  workflowModules: 'nothing is bundled; pass the functions: interceptors: { workflow: [factory] }',
  activityInbound: 'it is interceptors: { activity: [(context) => ({ inbound })] }',
}
/** Those of the worker, and those beside it, where they are looked for at the other place. */
const ofWorker: ReadonlySet<string> = new Set([
  'taskQueues', 'maxConcurrentWorkflows', 'maxConcurrentActivities', 'activitiesPerSecond', 'maxCachedWorkflows', 'maxCachedMegabytes',
  'shutdownGraceTime', 'buildId', 'workflowFailureErrorTypes',
])
const ofEngine: ReadonlySet<string> = new Set(['namespace', 'taskQueue', 'identity', 'dataConverter', 'interceptors', 'logger', 'onMetric'])

/** @throws PerdureError ENGINE_OPTIONS_INVALID */
export function checkMembers(given: object, kinds: Readonly<Record<string, Kind | undefined>>, where: string): void {
  if (typeof given !== 'object' || given === null) throw invalid(`The options of ${where} are ${shown(given)}; give an object`)
  for (const [key, value] of Object.entries(given)) {
    if (!Object.hasOwn(kinds, key)) throw invalid(`Unknown option '${key}' of ${where}${hint(key, where, Object.keys(kinds))}`)
    const kind = kinds[key]
    if (value === undefined || kind === undefined) continue
    if (typeof value !== kind || value === null) throw invalid(`The option ${key} of ${where} is ${shown(value)}; give ${described[kind]}`)
    if (value === '') throw invalid(`The option ${key} of ${where} is an empty text; give a name, or leave it out`)
  }
}

function hint(key: string, where: string, known: readonly string[]): string {
  if (where === 'Engine.open()' && ofWorker.has(key)) return `; it is one of the worker: worker: { ${key} }`
  if (where === 'the worker of Engine.open()' && ofEngine.has(key)) return `; it stands beside the worker: Engine.open({ ${key} })`
  const remedy = (where.startsWith('interceptors') ? elsewhereOfInterceptors : elsewhere)[key]
  return remedy === undefined ? unknownOptionHint(key, known, notYet) : `; ${remedy}`
}

/** @throws PerdureError ENGINE_OPTIONS_INVALID */
export function listOf<T>(given: readonly T[], kind: 'object' | 'function', option: string, what: string): readonly T[] {
  if (!Array.isArray(given)) throw invalid(`The option ${option} of Engine.open() is no list of ${what}, but ${shown(given)}`)
  const wrong = given.findIndex((each) => typeof each !== kind || each === null)
  if (wrong === -1) return [...given] as readonly T[]
  throw invalid(`The option ${option} of Engine.open() is no list of ${what}: it has ${shown(given[wrong])}`)
}

/** @throws PerdureError ENGINE_OPTIONS_INVALID */
export function wholeNumber(value: number, min: number, name: string, where = 'of the worker'): number {
  if (Number.isSafeInteger(value) && value >= min) return value
  throw invalid(`The option ${name} ${where} is ${shown(value)}; give a whole number of at least ${min}`)
}

const described: Readonly<Record<Kind, string>> = { string: 'a text', boolean: 'true or false', object: 'an object' }

export function invalid(message: string): PerdureError {
  return new PerdureError('ENGINE_OPTIONS_INVALID', message)
}

export function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value.slice(0, 100)}'`
  if (typeof value === 'function') return shownFunction(value.name, /^class\b/.test(Function.prototype.toString.call(value)))
  return typeof value === 'object' && value !== null ? (Array.isArray(value) ? 'a list' : 'an object') : String(value)
}

function shownFunction(name: string, isClass: boolean): string {
  if (isClass) return `the class ${name}, not one of its instances (new ${name}(...))`
  return name === '' ? 'a function' : `the function ${name}`
}
