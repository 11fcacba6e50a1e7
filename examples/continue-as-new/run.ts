/** A loop without an end in sight, as a chain of short runs. `npx node examples/continue-as-new/run.ts` */
import { Engine } from 'perdure'
import * as activities from './activities.ts'
import { importAll, readSoFar } from './workflows.ts'

await using engine = await Engine.open({ database: ':memory:' })
engine.workflows.register({ importAll })
engine.activities.register(activities)
await engine.start()

const handle = await engine.workflows.start(importAll, { workflowId: 'import', args: [{ next: 0, run: 1, pagesPerRun: 2 }] })
// The result is that of the last run, unless it is asked for with followRuns: false.
console.log(await handle.result())
console.log('read:', await engine.workflows.query('import', readSoFar))
const { executions } = await engine.workflows.list()
console.log(executions.map(({ status }) => status).reverse())
