/** Activities as seen from a workflow: functions that schedule. */
import { mergeActivityOptions, resolveActivityOptions } from './activity-options-resolver.ts'
import type { ActivityOptions } from './activity-options.ts'
import { rejected, scopeOf } from './cancellation-scope.ts'
import type { ActivityRequest, ResolvedActivityOptions } from './host.ts'

export type ActivityFunction = (...args: never[]) => Promise<unknown>
/** Activities whose types are not known. */
export type UntypedActivities = Record<string, (...args: unknown[]) => Promise<unknown>>

/** In place of what is not an async function. */
export declare const NotAnActivityMethod: unique symbol

export type ActivityFunctionWithOptions<T extends ActivityFunction> = T & {
  /** One call with some options set otherwise. */
  executeWithOptions(options: ActivityOptions, args: Parameters<T>): Promise<Awaited<ReturnType<T>>>
}

export type ActivityInterfaceFor<T> = {
  [K in keyof T]: T[K] extends ActivityFunction ? ActivityFunctionWithOptions<T[K]> : typeof NotAnActivityMethod
}

interface ProxiedActivity {
  (...args: unknown[]): Promise<unknown>
  executeWithOptions(options: ActivityOptions, args: unknown[]): Promise<unknown>
}

/**
 * Functions that run activities, by their names.
 * @example const { charge } = proxyActivities<typeof activities>({ startToCloseTimeout: '30 seconds' })
 * @throws PerdureError ACTIVITY_OPTIONS_INVALID, DURATION_INVALID
 * @see https://docs.temporal.io/develop/typescript/core-application#activity-execution
 */
export function proxyActivities<A = UntypedActivities>(options: ActivityOptions): ActivityInterfaceFor<A> {
  const resolved = resolveActivityOptions(options, 'proxyActivities()')
  const known = new Map<string, ProxiedActivity>()
  return new Proxy({} as ActivityInterfaceFor<A>, {
    get(_target, name): ProxiedActivity | undefined {
      // An object with a `then` would be taken for a promise by whatever awaits it.
      if (typeof name !== 'string' || name === 'then') return undefined
      let activity = known.get(name)
      if (activity === undefined) known.set(name, activity = proxiedActivity(name, options, resolved))
      return activity
    },
  })
}

function proxiedActivity(activityType: string, options: ActivityOptions, resolved: ResolvedActivityOptions): ProxiedActivity {
  const call = (...args: unknown[]): Promise<unknown> => scheduleActivity({ activityType, args, options: resolved })
  const executeWithOptions = (overrides: ActivityOptions, args: unknown[]): Promise<unknown> => {
    const merged = resolveActivityOptions(mergeActivityOptions(options, overrides), `activity '${activityType}'`)
    return scheduleActivity({ activityType, args, options: merged })
  }
  return Object.assign(call, { executeWithOptions })
}

function scheduleActivity(request: ActivityRequest): Promise<unknown> {
  const scope = scopeOf(`Activity '${request.activityType}'`)
  if (scope.consideredCancelled) return rejected(scope)
  try {
    const { command, settled } = scope.host.scheduleActivity(request)
    if (scope.cancellable) scope.add({ type: 'activity', command })
    return settled
  } catch (error) {
    return Promise.reject(error)
  }
}
