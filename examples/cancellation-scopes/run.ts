/** A part with a time limit, a race, and a workflow that cleans up when it is cancelled. `npx node examples/cancellation-scopes/run.ts` */
import { CancelledFailure, Engine, WorkflowFailedError } from 'perdure'
import * as activities from './activities.ts'
import * as workflows from './workflows.ts'

await using engine = await Engine.open({ database: ':memory:' })
engine.workflows.register(workflows)
const cooking = Promise.withResolvers<void>()
engine.activities.register({
  cook: async (dish: string) => {
    cooking.resolve()
    return activities.cook(dish)
  },
  cleanUp: async (dish: string) => console.log(await activities.cleanUp(dish)),
})
await engine.start()

console.log(await engine.workflows.execute(workflows.fastest))
const roast = await engine.workflows.start(workflows.dinner, { args: ['roast'] })
await cooking.promise
await roast.cancel()
try {
  await roast.result()
} catch (error) {
  if (error instanceof WorkflowFailedError && error.cause instanceof CancelledFailure) console.log('no dinner:', error.cause.message)
  else throw error
}
console.log(await engine.workflows.execute(workflows.impatient))
