/** Workflow and activity functions by name. What a process can run. */
export type WorkflowFunction = (...args: never[]) => Promise<unknown>
export type ActivityFunction = (...args: never[]) => unknown

export interface Registry {
  registerWorkflow(name: string, fn: WorkflowFunction): void
  registerActivity(name: string, fn: ActivityFunction): void
  workflow(name: string): WorkflowFunction | undefined
  activity(name: string): ActivityFunction | undefined
  workflowTypes(): readonly string[]
  activityTypes(): readonly string[]
}

export function createRegistry(): Registry {
  const workflows = new Map<string, WorkflowFunction>()
  const activities = new Map<string, ActivityFunction>()
  let workflowTypes: readonly string[] = []
  let activityTypes: readonly string[] = []
  return {
    registerWorkflow: (name, fn) => {
      workflows.set(name, fn)
      workflowTypes = [...workflows.keys()].sort()
    },
    registerActivity: (name, fn) => {
      activities.set(name, fn)
      activityTypes = [...activities.keys()].sort()
    },
    workflow: (name) => workflows.get(name),
    activity: (name) => activities.get(name),
    workflowTypes: () => workflowTypes,
    activityTypes: () => activityTypes,
  }
}
