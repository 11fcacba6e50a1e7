/** Timeouts of activities and of workflows, workflows that are tried again, a start that is delayed. `npx node examples/timeouts/run.ts` */
import { TimeoutFailure, WorkflowFailedError } from 'perdure'
import { TestEnvironment } from 'perdure/testing'
import * as activities from './activities.ts'
import * as workflows from './workflows.ts'

const startTime = Date.parse('2026-01-01')
await using env = await TestEnvironment.create({ workflows, activities, startTime })
// A mock that takes a day of virtual time.
env.activities.mock({ hang: () => env.sleep('1 day') })

console.log('activities:', await env.workflows.execute(workflows.slowActivities))

const retry = { initialInterval: '1 minute', maximumAttempts: 3 } as const
console.log('retried:', await env.workflows.execute(workflows.third, { retry }))

const delayed = await env.workflows.start(workflows.third, { startDelay: '30 days', retry })
await delayed.result()
const { startTime: began } = await delayed.describe()
console.log('the last run of the delayed one began on', began.toISOString().slice(0, 10))

try {
  await env.workflows.execute(workflows.endless, { workflowExecutionTimeout: '2 days' })
} catch (error) {
  if (!(error instanceof WorkflowFailedError && error.cause instanceof TimeoutFailure)) throw error
  console.log('ended by its timeout:', error.cause.timeoutType)
}
