/**
 * Which errors, thrown out of workflow code, end the execution as FAILED; any other holds it. Temporal's worker option
 * `workflowFailureErrorTypes`: error types by name, for a workflow type or for all ('*'). `Error` is every error, as it is by
 * default here. Cancellations and failures fail it whatever the option says, and so do the classes that a workflow names itself.
 */
import { TemporalFailure } from '@perdure/workflow'
import type { WorkflowFunction } from '../registry.ts'

export type WorkflowFailureErrorTypes = Readonly<Record<string, readonly string[]>>

export const workflowFailureErrorTypesDefault: WorkflowFailureErrorTypes = { '*': ['Error'] }

export function isWorkflowFailure(
  error: unknown, workflowType: string, fn: WorkflowFunction, types: WorkflowFailureErrorTypes = workflowFailureErrorTypesDefault,
): boolean {
  if (error instanceof TemporalFailure || fails(error, workflowType, types)) return true
  const classes = failureClasses(fn)
  return classes.some((each) => each === Error || (typeof error === 'object' && error instanceof each))
}

/** By the name of its class or of one above, never by what it calls itself; any error by `Error`. So it is on Temporal. */
export function fails(error: unknown, workflowType: string, types: WorkflowFailureErrorTypes): boolean {
  const names = [...types['*'] ?? [], ...types[workflowType] ?? []]
  if (names.length === 0) return false
  return names.includes('Error') || classNames(error).some((name) => names.includes(name))
}

function classNames(error: unknown): readonly string[] {
  const names: string[] = []
  let at: unknown = typeof error === 'object' && error !== null ? error.constructor : undefined
  for (; typeof at === 'function' && at !== Function.prototype; at = Object.getPrototypeOf(at)) names.push(at.name)
  return names
}

type ErrorClass = new (...args: never[]) => Error

function failureClasses(fn: WorkflowFunction): readonly ErrorClass[] {
  const { workflowDefinitionOptions: said } = fn as { workflowDefinitionOptions?: Definition | (() => Definition) }
  const definition = typeof said === 'function' ? said() : said
  return definition?.failureExceptionTypes ?? []
}

interface Definition {
  readonly failureExceptionTypes?: readonly ErrorClass[]
}
