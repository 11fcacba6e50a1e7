/**
 * Which errors, thrown out of workflow code, end the execution as FAILED; any other holds it. Temporal's worker option
 * `workflowFailureErrorTypes`: error types by name, for a workflow type or for all ('*'). `Error` is every error, as it is by
 * default here. Cancellations and failures fail it whatever the option says, and so do the classes that a workflow names itself.
 */
import { TemporalFailure } from '@perdure/workflow'
import { thrownType } from '@perdure/workflow/host'
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

/** By its own name, or any error by `Error`. */
export function fails(error: unknown, workflowType: string, types: WorkflowFailureErrorTypes): boolean {
  const names = [...types['*'] ?? [], ...types[workflowType] ?? []]
  return names.includes('Error') || names.includes(thrownType(error) ?? '') || (error instanceof Error && names.includes(error.name))
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
