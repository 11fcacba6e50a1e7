/** Activities as seen from a workflow: functions that schedule. */
import { mergeActivityOptions, resolveActivityOptions, resolveLocalActivityOptions } from './activity-options-resolver.ts'
import type { ActivityOptions, LocalActivityOptions } from './activity-options.ts'
import { rejected, scopeOf } from './cancellation-scope.ts'
import type { ResolvedActivityOptions } from './host.ts'
import { composeInterceptors, nextSeq, outboundOf } from './interceptor-composition.ts'
import type { ActivityInput, LocalActivityInput } from './interceptors.ts'
import type { Headers } from './payload.ts'

export type ActivityFunction<P extends unknown[] = never[], R = unknown> = (...args: P) => Promise<R>
/** Activities whose types are not known. */
export type UntypedActivities = Record<string, (...args: unknown[]) => Promise<unknown>>
/** @deprecated Use UntypedActivities. */
export type ActivityInterface = UntypedActivities

/** In place of what is not an async function. */
export const NotAnActivityMethod: unique symbol = Symbol.for('__TEMPORAL_NOT_AN_ACTIVITY_METHOD')

export type ActivityFunctionWithOptions<T extends ActivityFunction> = T & {
  /** One call with some options set otherwise. */
  executeWithOptions(options: ActivityOptions, args: Parameters<T>): Promise<Awaited<ReturnType<T>>>
}
export type LocalActivityFunctionWithOptions<T extends ActivityFunction> = T & {
  /** One call with some options set otherwise. */
  executeWithOptions(options: LocalActivityOptions, args: Parameters<T>): Promise<Awaited<ReturnType<T>>>
}

export type ActivityInterfaceFor<T> = {
  [K in keyof T]: T[K] extends ActivityFunction ? ActivityFunctionWithOptions<T[K]> : typeof NotAnActivityMethod
}
export type LocalActivityInterfaceFor<T> = {
  [K in keyof T]: T[K] extends ActivityFunction ? LocalActivityFunctionWithOptions<T[K]> : typeof NotAnActivityMethod
}
export type ActivityProxyOptions = ActivityOptions
export type LocalActivityProxyOptions = LocalActivityOptions

/**
 * Functions that run activities, by their names.
 * @example const { charge } = proxyActivities<typeof activities>({ startToCloseTimeout: '30 seconds' })
 * @throws PerdureError ACTIVITY_OPTIONS_INVALID, DURATION_INVALID
 * @see https://docs.temporal.io/develop/typescript/core-application#activity-execution
 */
export function proxyActivities<A = UntypedActivities>(options: ActivityOptions): ActivityInterfaceFor<A> {
  const resolved = resolveActivityOptions(options, 'proxyActivities()')
  return proxied((name) => {
    const call = (...args: unknown[]): Promise<unknown> => schedule(name, args, options, resolved)
    const executeWithOptions = (overrides: ActivityOptions, args: unknown[]): Promise<unknown> => {
      const merged = mergeActivityOptions(options, overrides)
      return schedule(name, args, merged, resolveActivityOptions(merged, `activity '${name}'`))
    }
    return Object.assign(call, { executeWithOptions })
  }) as ActivityInterfaceFor<A>
}

/**
 * Functions that run activities in the process of their workflow, by their names. Their failures are not wrapped in an
 * ActivityFailure.
 * @throws PerdureError ACTIVITY_OPTIONS_INVALID, DURATION_INVALID
 * @see https://docs.temporal.io/local-activity
 */
export function proxyLocalActivities<A = UntypedActivities>(options: LocalActivityOptions): LocalActivityInterfaceFor<A> {
  const resolved = resolveLocalActivityOptions(options, 'proxyLocalActivities()')
  return proxied((name) => {
    const call = (...args: unknown[]): Promise<unknown> => scheduleLocal(name, args, options, resolved)
    const executeWithOptions = (overrides: LocalActivityOptions, args: unknown[]): Promise<unknown> => {
      const merged = mergeActivityOptions(options, overrides)
      return scheduleLocal(name, args, merged, resolveLocalActivityOptions(merged, `activity '${name}'`))
    }
    return Object.assign(call, { executeWithOptions })
  }) as LocalActivityInterfaceFor<A>
}

/** Runs one activity by its name. Prefer `proxyActivities`. */
export function scheduleActivity<R>(activityType: string, args: unknown[], options: ActivityOptions): Promise<R> {
  return schedule(activityType, args, options, resolveActivityOptions(options, `activity '${activityType}'`)) as Promise<R>
}

/** Runs one local activity by its name. Prefer `proxyLocalActivities`. */
export function scheduleLocalActivity<R>(activityType: string, args: unknown[], options: LocalActivityOptions): Promise<R> {
  return scheduleLocal(activityType, args, options, resolveLocalActivityOptions(options, `activity '${activityType}'`)) as Promise<R>
}

type Call = (...args: unknown[]) => Promise<unknown>

function proxied(make: (name: string) => Call): object {
  const known = new Map<string, Call>()
  return new Proxy({}, {
    get(_target, name): Call | undefined {
      // An object with a `then` would be taken for a promise by whatever awaits it.
      if (typeof name !== 'string' || name === 'then') return undefined
      let activity = known.get(name)
      if (activity === undefined) known.set(name, activity = make(name))
      return activity
    },
  })
}

/** `resolved` are the checked `options`: interceptors get what the user gave. */
function schedule(activityType: string, args: unknown[], options: ActivityOptions, resolved: ResolvedActivityOptions): Promise<unknown> {
  const { host } = scopeOf(`Activity '${activityType}'`)
  const outbound = outboundOf(host, 'scheduleActivity')
  if (outbound === undefined) return scheduleNow(activityType, args, resolved)
  const first = (input: ActivityInput): Promise<unknown> => {
    const changed = input.options === options ? resolved : resolveActivityOptions(input.options, `activity '${input.activityType}'`)
    return scheduleNow(input.activityType, input.args, withHeaders(changed, input.headers))
  }
  const seq = nextSeq(host, 'activity')
  return composeInterceptors(outbound, 'scheduleActivity', first)({ activityType, args, options, headers: {}, seq })
}

function scheduleLocal(
  activityType: string, args: unknown[], options: LocalActivityOptions, resolved: ResolvedActivityOptions,
): Promise<unknown> {
  const { host } = scopeOf(`Activity '${activityType}'`)
  const outbound = outboundOf(host, 'scheduleLocalActivity')
  if (outbound === undefined) return scheduleNow(activityType, args, resolved)
  const first = (input: LocalActivityInput): Promise<unknown> => {
    const changed = input.options === options ? resolved : resolveLocalActivityOptions(input.options, `activity '${input.activityType}'`)
    return scheduleNow(input.activityType, input.args, withHeaders(changed, input.headers))
  }
  const seq = nextSeq(host, 'activity')
  return composeInterceptors(outbound, 'scheduleLocalActivity', first)({ activityType, args, options, headers: {}, seq, attempt: 1 })
}

function scheduleNow(activityType: string, args: readonly unknown[], options: ResolvedActivityOptions): Promise<unknown> {
  const scope = scopeOf(`Activity '${activityType}'`)
  if (scope.consideredCancelled) {
    scope.host.passedOver('activity')
    return rejected(scope)
  }
  try {
    const { command, settled } = scope.host.scheduleActivity({ activityType, args, options })
    if (scope.cancellable) scope.add({ type: 'activity', command })
    return settled
  } catch (error) {
    return Promise.reject(error)
  }
}

function withHeaders(options: ResolvedActivityOptions, headers: Headers): ResolvedActivityOptions {
  return Object.keys(headers).length === 0 ? options : { ...options, headers }
}
