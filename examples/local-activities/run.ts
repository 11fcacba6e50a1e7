/** Short activities beside the workflow. `npx node examples/local-activities/run.ts` */
import { Engine } from 'perdure'
import * as activities from './activities.ts'
import { checkout } from './workflows.ts'

await using engine = await Engine.open({ database: ':memory:' })
engine.workflows.register({ checkout })
engine.activities.register(activities)
await engine.start()

console.log(await engine.workflows.execute(checkout, { args: [['tea', 'sugar']] }))
