/** An activity that fails twice, and one that need not be tried again. `npx node examples/activity-retries/run.ts` */
import { Engine } from 'perdure'
import * as activities from './activities.ts'
import * as workflows from './workflows.ts'

await using engine = await Engine.open({ database: ':memory:' })
engine.workflows.register(workflows)
engine.activities.register(activities)
await engine.start()

console.log('100 dollars in EUR:', await engine.workflows.execute(workflows.convert, { args: [100, 'EUR'] }))
console.log('100 dollars in XXX:', await engine.workflows.execute(workflows.convert, { args: [100, 'XXX'] }))
