import { ActivityCancellationType, type ActivityOptions, type RetryPolicy } from './activity-options.ts'
import { durationToMs, type Duration } from './duration.ts'
import type { ResolvedActivityOptions, ResolvedRetryPolicy } from './host.ts'
import { unknownOptionHint } from './near-match.ts'
import { PerdureError } from './perdure-error.ts'

/**
 * Checks options and fills in Temporal's defaults. The result is frozen: it is shared by every call through a proxy.
 * @param what names the place in errors, as in "proxyActivities()" or "activity 'charge'"
 * @throws PerdureError ACTIVITY_OPTIONS_INVALID, DURATION_INVALID
 */
export function resolveActivityOptions(options: ActivityOptions, what: string): ResolvedActivityOptions {
  if (typeof options !== 'object' || options === null) {
    throw invalid(what, `they are ${String(options)}; pass an object with a timeout, for example { ${exampleTimeout} }`)
  }
  refuseUnknownKeys(options, optionKeys, `options of ${what}`, optionKeysNotYet)
  if (options.startToCloseTimeout === undefined && options.scheduleToCloseTimeout === undefined) {
    throw invalid(what, `neither startToCloseTimeout nor scheduleToCloseTimeout is set; set one, for example ${exampleTimeout}`)
  }
  const { activityId, taskQueue, summary, cancellationType = ActivityCancellationType.TRY_CANCEL, priority } = options
  if (!Object.hasOwn(ActivityCancellationType, cancellationType)) {
    const known = Object.keys(ActivityCancellationType).join(', ')
    throw invalid(what, `cancellationType is '${cancellationType}'; give one of ${known}`)
  }
  refuseWrongText({ activityId, taskQueue, summary }, what)
  return Object.freeze({
    ...given('taskQueue', taskQueue),
    ...given('activityId', activityId),
    ...timeout('scheduleToStartMs', 'scheduleToStartTimeout', options, what),
    ...timeout('scheduleToCloseMs', 'scheduleToCloseTimeout', options, what),
    ...timeout('startToCloseMs', 'startToCloseTimeout', options, what),
    ...timeout('heartbeatMs', 'heartbeatTimeout', options, what),
    retry: Object.freeze(resolveRetryPolicy(options.retry ?? {}, what)),
    cancellationType,
    ...given('priority', priority === undefined ? undefined : priorityKey(priority, what)),
    ...given('summary', summary),
  })
}

/** Options of a proxy with some of them set otherwise for one call; retry policies are merged member by member. */
export function mergeActivityOptions(options: ActivityOptions, overrides: ActivityOptions): ActivityOptions {
  const merged = { ...options, ...overrides }
  if (options.retry === undefined || overrides.retry === undefined) return merged
  return { ...merged, retry: { ...options.retry, ...overrides.retry } }
}

const exampleTimeout = "startToCloseTimeout: '30 seconds'"

const optionKeys: readonly (keyof ActivityOptions)[] = [
  'activityId', 'taskQueue', 'scheduleToStartTimeout', 'scheduleToCloseTimeout', 'startToCloseTimeout', 'heartbeatTimeout', 'retry',
  'cancellationType', 'priority', 'summary',
]
const optionKeysNotYet = ['allowEagerDispatch', 'versioningIntent']
const retryKeys: readonly (keyof RetryPolicy)[] = [
  'initialInterval', 'backoffCoefficient', 'maximumInterval', 'maximumAttempts', 'nonRetryableErrorTypes',
]

type TimeoutOption = 'scheduleToStartTimeout' | 'scheduleToCloseTimeout' | 'startToCloseTimeout' | 'heartbeatTimeout'
type TimeoutMs = 'scheduleToStartMs' | 'scheduleToCloseMs' | 'startToCloseMs' | 'heartbeatMs'

function timeout(key: TimeoutMs, option: TimeoutOption, options: ActivityOptions, what: string): { readonly [K in TimeoutMs]?: number } {
  const value = options[option]
  return value === undefined ? {} : { [key]: positive(value, option, what) }
}

function resolveRetryPolicy(retry: RetryPolicy, what: string): ResolvedRetryPolicy {
  if (typeof retry !== 'object') throw invalid(what, `retry is ${String(retry)}; pass an object, for example { maximumAttempts: 3 }`)
  refuseUnknownKeys(retry, retryKeys, `retry policy of ${what}`)
  const { backoffCoefficient: coefficient = 2, maximumAttempts = 0, nonRetryableErrorTypes = [] } = retry
  const initialMs = positive(retry.initialInterval ?? 1_000, 'retry.initialInterval', what)
  const maximumMs = retry.maximumInterval === undefined ? 100 * initialMs : positive(retry.maximumInterval, 'retry.maximumInterval', what)
  if (maximumMs < initialMs) throw invalid(what, 'retry.maximumInterval is shorter than retry.initialInterval; make it as long or longer')
  if (!(Number.isFinite(coefficient) && coefficient >= 1)) {
    throw invalid(what, `retry.backoffCoefficient is ${String(coefficient)}; give a number from 1 on`)
  }
  if (maximumAttempts !== Number.POSITIVE_INFINITY && !(Number.isSafeInteger(maximumAttempts) && maximumAttempts >= 0)) {
    const remedy = 'give a whole number from 1 on, or 0 or Infinity for unlimited'
    throw invalid(what, `retry.maximumAttempts is ${String(maximumAttempts)}; ${remedy}`)
  }
  if (!Array.isArray(nonRetryableErrorTypes) || nonRetryableErrorTypes.some((type) => typeof type !== 'string')) {
    throw invalid(what, "retry.nonRetryableErrorTypes is not a list of names; give class names such as ['CardExpired']")
  }
  return {
    initialMs, coefficient, maximumMs,
    maximumAttempts: maximumAttempts === Number.POSITIVE_INFINITY ? 0 : maximumAttempts,
    nonRetryableErrorTypes: Object.freeze([...nonRetryableErrorTypes] as string[]),
  }
}

function positive(value: Duration, option: string, what: string): number {
  const ms = durationToMs(value, `${option} of ${what}`)
  if (ms === 0) throw invalid(what, `${option} is 0; give a longer time, or leave it out`)
  return ms
}

function priorityKey(priority: { readonly priorityKey?: number }, what: string): number | undefined {
  refuseUnknownKeys(priority, ['priorityKey'], `priority of ${what}`)
  const key = priority.priorityKey
  if (key === undefined || (Number.isInteger(key) && key >= 1 && key <= 5)) return key
  throw invalid(what, `priority.priorityKey is ${String(key)}; give a whole number from 1 (first) to 5 (last)`)
}

function refuseWrongText(options: Readonly<Record<string, unknown>>, what: string): void {
  for (const [key, value] of Object.entries(options)) {
    if (value === undefined || (typeof value === 'string' && value !== '')) continue
    throw invalid(what, `${key} is ${value === '' ? 'empty' : `of type ${typeof value}`}; give a text, or leave it out`)
  }
}

function refuseUnknownKeys(options: object, known: readonly string[], what: string, notYet?: readonly string[]): void {
  for (const [key, value] of Object.entries(options)) {
    if (known.includes(key) || value === undefined) continue
    throw new PerdureError('ACTIVITY_OPTIONS_INVALID', `Unknown option '${key}' in the ${what}${unknownOptionHint(key, known, notYet)}`)
  }
}

function given<K extends string, T>(key: K, value: T | undefined): { readonly [P in K]?: T } {
  return value === undefined ? {} : { [key]: value } as { readonly [P in K]?: T }
}

function invalid(what: string, problem: string): PerdureError {
  return new PerdureError('ACTIVITY_OPTIONS_INVALID', `Wrong options of ${what}: ${problem}`)
}
