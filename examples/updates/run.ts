/** Seats of a show: calls with an answer, some of them refused. `npx node examples/updates/run.ts` */
import { Engine, WithStartWorkflowOperation, WorkflowUpdateFailedError } from 'perdure'
import * as activities from './activities.ts'
import { beginShow, book, show } from './workflows.ts'

await using engine = await Engine.open({ database: ':memory:' })
engine.workflows.register({ show })
engine.activities.register(activities)
await engine.start()

// The first booking opens the box office, if it is not open.
const startWorkflowOperation = new WithStartWorkflowOperation(show, {
  workflowId: 'show', args: [5], workflowIdConflictPolicy: 'USE_EXISTING',
})
console.log(await engine.workflows.executeUpdateWithStart(book, { args: [2], updateId: 'A', startWorkflowOperation }))
const handle = await startWorkflowOperation.workflowHandle()

try {
  await handle.executeUpdate(book, { args: [4] })
} catch (error) {
  if (error instanceof WorkflowUpdateFailedError && error.cause instanceof Error) console.log('refused:', error.cause.message)
  else throw error
}

const booking = await handle.startUpdate(book, { args: [2], updateId: 'B', waitForStage: 'ACCEPTED' })
console.log('accepted:', booking.updateId)
// The same id asks for the same update: nothing is booked twice.
console.log(await handle.executeUpdate(book, { args: [2], updateId: 'B' }))

await handle.signal(beginShow)
console.log('seats left:', await handle.result())
