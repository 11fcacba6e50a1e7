/** What open executions wait for, in words, for a test that would wait for ever. */
import type { ExecutionDescription, WorkflowClient } from '@perdure/engine'

const shownMax = 3
const told = 'TestEnvironment: a result is awaited, and nothing will happen by itself: no activity runs, and no timer is set.'

export async function waitingText(client: WorkflowClient): Promise<string> {
  const { executions } = await client.list({ status: 'RUNNING', limit: shownMax })
  const lines = await Promise.all(executions.map(async ({ workflowId, runId, workflowType }) => {
    return `  '${workflowId}' (${workflowType}): ${waitsOf(await client.describe(workflowId, runId))}`
  }))
  return [told, ...lines].join('\n')
}

function waitsOf(described: ExecutionDescription): string {
  const { problem, pendingConditions = 0, pendingActivities, pendingChildren = [], unhandledSignals = {} } = described
  if (problem !== undefined) return problem
  const signals = Object.keys(unhandledSignals)
  const waits = [
    ...(pendingConditions > 0 ? [`a condition that does not hold${signals.length === 0 ? '; a signal may be missing' : ''}`] : []),
    ...(signals.length > 0 ? [`it has no handler for the signal '${signals.join("', '")}', which it was sent`] : []),
    ...pendingActivities.map(({ activityType, taskQueue }) => `activity '${activityType}' of task queue '${taskQueue}'`),
    ...pendingChildren.map(({ workflowType, workflowId }) => `its child '${workflowType}' ('${workflowId}')`),
  ]
  return waits.join('; ') || 'it waits for something that is no timer, activity, child or condition'
}
