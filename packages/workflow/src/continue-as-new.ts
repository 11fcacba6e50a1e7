import { scopeOf } from './cancellation-scope.ts'
import { brandClass } from './class-brand.ts'
import type { ContinueAsNewOptions } from './continue-as-new-options.ts'
import type { ContinueAsNewRequest } from './host.ts'
import { composeInterceptors, outboundOf } from './interceptor-composition.ts'
import type { ContinueAsNewInput, Next, WorkflowOutboundCallsInterceptor } from './interceptors.ts'
import { durationOption, given, idOption, invalidOption, memoOption, refuseUnknownOptions, workflowCall } from './option-checks.ts'
import { plainSearchAttributes } from './search-attributes.ts'
import type { Workflow } from './workflow-definition.ts'

/** No error: what `continueAsNew` throws, so that nothing of this run goes on. Let it pass. */
export class ContinueAsNew extends Error {
  readonly command: ContinueAsNewRequest

  /** Internal. */
  constructor(command: ContinueAsNewRequest) {
    super('Workflow continued as new')
    this.command = command
  }
}
brandClass(ContinueAsNew, 'ContinueAsNew')

/** For the engine. */
export function isContinueAsNew(error: unknown): error is ContinueAsNew {
  return error instanceof ContinueAsNew
}

/**
 * Closes this run and starts the next one, of the same workflow id and type, with these arguments and an empty history.
 * @example return continueAsNew<typeof pollForEver>(cursor)
 * @see https://docs.temporal.io/workflow-execution/continue-as-new
 */
export function continueAsNew<F extends Workflow>(...args: Parameters<F>): Promise<never> {
  return makeContinueAsNewFunc<F>()(...args)
}

/**
 * A function that continues as new, with some things otherwise.
 * @throws PerdureError WORKFLOW_OPTIONS_INVALID, SEARCH_ATTRIBUTES_INVALID, DURATION_INVALID
 */
export function makeContinueAsNewFunc<F extends Workflow>(options: ContinueAsNewOptions = {}): (...args: Parameters<F>) => Promise<never> {
  const { host } = scopeOf('continueAsNew()')
  resolve(options)
  const { workflowType, taskQueue } = host.info()
  const filled = { ...options, workflowType: options?.workflowType ?? workflowType, taskQueue: options?.taskQueue ?? taskQueue }
  return async (...args) => {
    const outbound = outboundOf(host, 'continueAsNew') ?? []
    return composeInterceptors(outbound, 'continueAsNew', throwIt)({ args: [...args], headers: {}, options: filled })
  }
}

const throwIt: Next<WorkflowOutboundCallsInterceptor, 'continueAsNew'> = async ({ args, headers, options }: ContinueAsNewInput) => {
  const resolved = resolve(options)
  const withHeaders = Object.keys(headers).length === 0 ? resolved : { ...resolved, headers }
  throw new ContinueAsNew({ workflowType: options.workflowType, args, options: withHeaders })
}

function resolve(options: ContinueAsNewOptions): ContinueAsNewRequest['options'] {
  const call = workflowCall('makeContinueAsNewFunc()')
  if (typeof options !== 'object' || options === null) throw invalidOption(call, `they are ${String(options)}; pass an object, or nothing`)
  refuseUnknownOptions(options, optionKeys, call, ['typeInfo', 'versioningIntent', 'initialVersioningBehavior', 'eventGroups'])
  idOption(options.workflowType, 'workflowType', call)
  const { searchAttributes: plain, typedSearchAttributes: typed } = options
  const searchAttributes = plain === undefined && typed === undefined ? undefined : plainSearchAttributes(plain, typed, call.what)
  return {
    ...given('taskQueue', idOption(options.taskQueue, 'taskQueue', call)),
    ...given('runTimeoutMs', durationOption(options.workflowRunTimeout, 'workflowRunTimeout', call)),
    ...given('taskTimeoutMs', durationOption(options.workflowTaskTimeout, 'workflowTaskTimeout', call)),
    ...given('startDelayMs', durationOption(options.backoffStartInterval, 'backoffStartInterval', call)),
    ...given('memo', memoOption(options.memo, call)),
    ...given('searchAttributes', searchAttributes),
  }
}

const optionKeys: readonly (keyof ContinueAsNewOptions)[] = [
  'workflowType', 'taskQueue', 'workflowRunTimeout', 'workflowTaskTimeout', 'backoffStartInterval', 'memo', 'searchAttributes',
  'typedSearchAttributes',
]
