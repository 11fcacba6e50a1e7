/** From what a caller passes, a function or a name, to the name of a workflow type. */
import { didYouMean } from '@perdure/workflow/host'
import { PerdureError } from '../error.ts'
import type { WorkflowFunction } from '../registry.ts'
import type { RegisteredWorkflows } from './client-parts.ts'
import { checkedId } from './given-options.ts'

export function workflowTypeOf(workflow: WorkflowFunction | string, registry: RegisteredWorkflows): string {
  if (typeof workflow === 'string') return checkedId(workflow, 'workflow type')
  if (typeof workflow !== 'function') {
    throw new PerdureError('WORKFLOW_NOT_REGISTERED', `A workflow is a function or a name; this is of type ${typeof workflow}`)
  }
  const name = registeredName(workflow, registry) ?? workflow.name
  if (name !== '') return name
  throw new PerdureError(
    'WORKFLOW_NOT_REGISTERED',
    "The workflow function has no name and is not registered; register it: engine.workflows.register('name', fn)",
  )
}

function registeredName(workflow: WorkflowFunction, registry: RegisteredWorkflows): string | undefined {
  if (registry.workflow(workflow.name) === workflow) return workflow.name
  return registry.workflowTypes().find((name) => registry.workflow(name) === workflow)
}

/** A process that serves the queue and has workflows must have this one: nobody else is likely to. */
export function refuseUnknownType(workflowType: string, registry: RegisteredWorkflows): void {
  const known = registry.workflowTypes()
  if (known.length === 0 || registry.workflow(workflowType) !== undefined) return
  const hint = didYouMean(workflowType, known) || `; registered are ${known.slice(0, 20).join(', ')}`
  throw new PerdureError(
    'WORKFLOW_NOT_REGISTERED',
    `No workflow '${workflowType}' is registered in this process, which serves the task queue of the start${hint}. ` +
      'Register it: engine.workflows.register({ ' + (/^[\w$]+$/.test(workflowType) ? workflowType : `'${workflowType}': fn`) + ' })',
  )
}
