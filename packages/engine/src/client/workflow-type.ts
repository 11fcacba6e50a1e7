/** From what a caller passes, a function or a name, to the name of a workflow type. */
import { didYouMean, registeredHint } from '@perdure/workflow/host'
import { PerdureError } from '../error.ts'
import type { WorkflowFunction } from '../registry.ts'
import type { RegisteredWorkflows } from './client-parts.ts'
import { checkedId, shown } from './given-options.ts'

/** @param call names the call in errors, as in "start()" */
export function workflowTypeOf(workflow: WorkflowFunction | string, registry: RegisteredWorkflows, call: string): string {
  if (typeof workflow === 'string') return checkedId(workflow, 'workflow type')
  if (typeof workflow !== 'function') {
    const given = `${shown(workflow)} (${typeof workflow})`
    throw notRegistered(`${call} was given ${given} in place of a workflow; pass the function or its name, and look at its import`)
  }
  const name = registeredName(workflow, registry) ?? workflow.name
  if (name !== '') return name
  throw notRegistered("The workflow function has no name and is not registered; register it: engine.workflows.register('name', fn)")
}

function registeredName(workflow: WorkflowFunction, registry: RegisteredWorkflows): string | undefined {
  if (registry.workflow(workflow.name) === workflow) return workflow.name
  return registry.workflowTypes().find((name) => registry.workflow(name) === workflow)
}

/** A process that serves the queue and has workflows must have this one: nobody else is likely to. */
export function refuseUnknownType(workflowType: string, taskQueue: string, registry: RegisteredWorkflows): void {
  const known = registry.workflowTypes()
  if (known.length === 0 || registry.workflow(workflowType) !== undefined) return
  const problem = `No workflow '${workflowType}' is registered in this process, which serves the task queue '${taskQueue}' of the start`
  const remedy = didYouMean(workflowType, known) === '' ? ` ${registerRemedy(workflowType)}` : ''
  throw notRegistered(problem + registeredHint(workflowType, known) + remedy)
}

function registerRemedy(workflowType: string): string {
  const given = /^[A-Za-z_$][\w$]*$/.test(workflowType) ? workflowType : `'${workflowType}': fn`
  return `Register it: engine.workflows.register({ ${given} })`
}

function notRegistered(message: string): PerdureError {
  return new PerdureError('WORKFLOW_NOT_REGISTERED', message)
}
