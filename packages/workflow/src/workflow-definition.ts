/** Workflow functions: their types, names, and what can be said of them where they are written. */
import { type CheckedCall, invalidOption, oneOfOption, refuseUnknownOptions, workflowCall } from './option-checks.ts'
import { PerdureError } from './perdure-error.ts'

export type WorkflowReturnType = Promise<unknown>
/** Any async function may be a workflow. */
export type Workflow = (...args: never[]) => WorkflowReturnType
export type WorkflowResultType<W extends Workflow> = ReturnType<W> extends Promise<infer R> ? R : never
export type WorkflowSignalType = (...args: never[]) => Promise<void> | void
export type WorkflowQueryType = (...args: never[]) => unknown
export type WorkflowUpdateType = (...args: never[]) => unknown
export type WorkflowUpdateValidatorType = (...args: never[]) => void

/** Options `T`, with `args` that are required where the workflow takes some. */
export type WithWorkflowArgs<W extends Workflow, T> = T & (
  Parameters<W> extends [unknown, ...unknown[]]
    ? { args: Parameters<W> | Readonly<Parameters<W>> }
    : { args?: Parameters<W> | Readonly<Parameters<W>> }
)

/** Noted, so that code can be brought along; there are no deployment versions here. */
export const VersioningBehavior = { PINNED: 'PINNED', AUTO_UPGRADE: 'AUTO_UPGRADE' } as const
export type VersioningBehavior = (typeof VersioningBehavior)[keyof typeof VersioningBehavior]

export interface WorkflowDefinitionOptions {
  /** Noted: there are no deployment versions. */
  readonly versioningBehavior?: VersioningBehavior
  /**
   * Errors of these classes fail the execution where it would otherwise be held: with `workflowFailureErrorTypes: {}` any
   * that is no failure. `Error` means all of them.
   */
  readonly failureExceptionTypes?: readonly (new (...args: never[]) => Error)[]
}
export type WorkflowDefinitionOptionsOrGetter = WorkflowDefinitionOptions | (() => WorkflowDefinitionOptions)

export interface WorkflowDefinitionConfig {
  /** Called, where it is a function, just before the workflow function is first called; may use `workflowInfo()`. */
  readonly workflowDefinitionOptions?: WorkflowDefinitionOptionsOrGetter
}

export interface WorkflowFunctionWithOptions<Args extends unknown[], ReturnType> {
  (...args: Args): Promise<ReturnType>
  workflowDefinitionOptions: WorkflowDefinitionOptionsOrGetter
}

/**
 * Says of a workflow which errors fail it. Prefer `defineWorkflowOptions` in new code.
 * @example setWorkflowOptions({ failureExceptionTypes: [CardRefused] }, orderProcessing)
 * @throws PerdureError WORKFLOW_OPTIONS_INVALID
 */
export function setWorkflowOptions<A extends unknown[], RT>(
  options: WorkflowDefinitionOptionsOrGetter, fn: (...args: A) => Promise<RT>,
): void {
  define(fn, options, workflowCall('setWorkflowOptions()'))
}

/**
 * Says of a workflow which errors fail it.
 * @example defineWorkflowOptions(orderProcessing, { workflowDefinitionOptions: { failureExceptionTypes: [CardRefused] } })
 * @throws PerdureError WORKFLOW_OPTIONS_INVALID
 */
export function defineWorkflowOptions<A extends unknown[], RT>(fn: (...args: A) => Promise<RT>, config: WorkflowDefinitionConfig): void {
  const call = workflowCall('defineWorkflowOptions()')
  if (typeof config !== 'object' || config === null) throw invalidOption(call, `the second argument is ${String(config)}; pass an object`)
  refuseUnknownOptions(config, ['workflowDefinitionOptions'], call, ['staticOptions'])
  define(fn, config.workflowDefinitionOptions ?? {}, call)
}

/** For the engine. What was said of a workflow; a getter is called, in the context of the execution. */
export function workflowDefinitionOf(fn: Workflow): WorkflowDefinitionOptions {
  const { workflowDefinitionOptions: said } = fn as { workflowDefinitionOptions?: WorkflowDefinitionOptionsOrGetter }
  if (typeof said !== 'function') return said ?? {}
  const given = said()
  checkOptions(given, workflowCall(`workflow '${fn.name}'`))
  return given
}

/**
 * The name of a workflow: of a function its own.
 * @throws PerdureError WORKFLOW_TYPE_INVALID for a function without a name, and for what is neither
 */
export function extractWorkflowType(workflowTypeOrFunc: string | Workflow): string {
  return workflowTypeOf(workflowTypeOrFunc, 'extractWorkflowType()')
}

export interface WorkflowTypeOptions {
  readonly type: string
}

export function extractWorkflowTypeAndConfig(workflowTypeOrFunc: string | Workflow): WorkflowTypeOptions {
  return { type: workflowTypeOf(workflowTypeOrFunc, 'extractWorkflowTypeAndConfig()') }
}

/** Callers may be JavaScript: any value may come. */
export function workflowTypeOf(given: unknown, called: string): string {
  if (typeof given === 'string' && given !== '') return given
  if (typeof given === 'function' && given.name !== '') return given.name
  const what = given === '' ? 'an empty name'
    : typeof given === 'function' ? 'a function without a name'
    : given === null || given === undefined ? String(given) : `a value of type ${typeof given}`
  throw new PerdureError(
    'WORKFLOW_TYPE_INVALID',
    `${called} was called with ${what} in place of a workflow; pass a workflow function that has a name, or the name of one`,
  )
}

function define(fn: unknown, options: WorkflowDefinitionOptionsOrGetter, call: CheckedCall): void {
  if (typeof fn !== 'function') throw invalidOption(call, `it was given a ${typeof fn} as the workflow function`)
  if (typeof options !== 'function') checkOptions(options, call)
  Object.assign(fn, { workflowDefinitionOptions: options })
}

function checkOptions(options: WorkflowDefinitionOptions, call: CheckedCall): void {
  if (typeof options !== 'object' || options === null) throw invalidOption(call, `the options are ${String(options)}; pass an object`)
  refuseUnknownOptions(options, ['versioningBehavior', 'failureExceptionTypes'], call)
  const { failureExceptionTypes: classes, versioningBehavior } = options
  if (classes !== undefined && (!Array.isArray(classes) || classes.some((each) => typeof each !== 'function'))) {
    throw invalidOption(call, 'failureExceptionTypes is not a list of classes; give the classes themselves, as in [CardRefused]')
  }
  oneOfOption(versioningBehavior, VersioningBehavior, 'versioningBehavior', call)
}
