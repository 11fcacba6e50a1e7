import { ActivityCancellationType, type ActivityOptions, type LocalActivityOptions } from './activity-options.ts'
import type { ResolvedActivityOptions } from './host.ts'
import {
  activityCall, type CheckedCall, durationOption, given, idOption, invalidOption, oneOfOption, priorityOption, refuseUnknownOptions,
  textOption,
} from './option-checks.ts'
import { resolveRetryPolicy } from './retry-policy-resolver.ts'

/**
 * Checks options and fills in Temporal's defaults. The result is frozen: it is shared by every call through a proxy.
 * @param what names the place in errors, as in "proxyActivities()" or "activity 'charge'"
 * @throws PerdureError ACTIVITY_OPTIONS_INVALID, DURATION_INVALID
 */
export function resolveActivityOptions(options: ActivityOptions, what: string): ResolvedActivityOptions {
  const call = activityCall(what)
  checkObject(options, optionKeys, call, ['versioningIntent', 'eventGroups', 'activityTypeInfo'])
  return Object.freeze({
    ...given('taskQueue', idOption(options.taskQueue, 'taskQueue', call)),
    ...given('activityId', idOption(options.activityId, 'activityId', call)),
    ...given('heartbeatMs', durationOption(options.heartbeatTimeout, 'heartbeatTimeout', call)),
    ...inCommon(options, call),
    ...given('priority', priorityOption(options.priority, call)),
  })
}

/** As resolveActivityOptions, for local activities: they run where their workflow does. */
export function resolveLocalActivityOptions(options: LocalActivityOptions, what: string): ResolvedActivityOptions {
  const call = activityCall(what)
  checkObject(options, localOptionKeys, call, ['eventGroups', 'activityTypeInfo'])
  durationOption(options.localRetryThreshold, 'localRetryThreshold', call)
  return Object.freeze({ ...inCommon(options, call), local: true })
}

/** Options of a proxy with some of them set otherwise for one call; retry policies are merged member by member. */
export function mergeActivityOptions<O extends LocalActivityOptions>(options: O, overrides: O): O {
  const merged = { ...options, ...overrides }
  if (options.retry === undefined || overrides.retry === undefined) return merged
  return { ...merged, retry: { ...options.retry, ...overrides.retry } }
}

function inCommon(options: LocalActivityOptions, call: CheckedCall): ResolvedActivityOptions {
  if (options.startToCloseTimeout === undefined && options.scheduleToCloseTimeout === undefined) {
    throw invalidOption(call, `neither startToCloseTimeout nor scheduleToCloseTimeout is set; set one, for example ${exampleTimeout}`)
  }
  const cancellationType = oneOfOption(options.cancellationType, ActivityCancellationType, 'cancellationType', call)
  return {
    ...given('scheduleToStartMs', durationOption(options.scheduleToStartTimeout, 'scheduleToStartTimeout', call)),
    ...given('scheduleToCloseMs', durationOption(options.scheduleToCloseTimeout, 'scheduleToCloseTimeout', call)),
    ...given('startToCloseMs', durationOption(options.startToCloseTimeout, 'startToCloseTimeout', call)),
    retry: Object.freeze(resolveRetryPolicy(options.retry ?? {}, call)),
    cancellationType: cancellationType ?? ActivityCancellationType.TRY_CANCEL,
    ...given('summary', textOption(options.summary, 'summary', call)),
  }
}

const exampleTimeout = "startToCloseTimeout: '30 seconds'"

const optionKeys: readonly (keyof ActivityOptions)[] = [
  'activityId', 'taskQueue', 'scheduleToStartTimeout', 'scheduleToCloseTimeout', 'startToCloseTimeout', 'heartbeatTimeout', 'retry',
  'cancellationType', 'priority', 'summary', 'allowEagerDispatch',
]
const localOptionKeys: readonly (keyof LocalActivityOptions)[] = [
  'scheduleToStartTimeout', 'scheduleToCloseTimeout', 'startToCloseTimeout', 'retry', 'localRetryThreshold', 'cancellationType', 'summary',
]

function checkObject(options: object, known: readonly string[], call: CheckedCall, notYet: readonly string[]): void {
  if (typeof options !== 'object' || options === null) {
    throw invalidOption(call, `they are ${String(options)}; pass an object with a timeout, for example { ${exampleTimeout} }`)
  }
  refuseUnknownOptions(options, known, call, notYet)
}
