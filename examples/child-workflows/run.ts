/** Children: results, a failure, and one that goes on when its parent has ended. `npx node examples/child-workflows/run.ts` */
import { Engine } from 'perdure'
import * as workflows from './workflows.ts'

await using engine = await Engine.open({ database: ':memory:' })
engine.workflows.register(workflows)
await engine.start()

console.log(await engine.workflows.execute(workflows.order, { workflowId: 'order-7', args: [['lamp', 'piano', 'chair']] }))

// ABANDON: the end of the parent is not the end of the child.
const review = engine.workflows.getHandle<typeof workflows.review>('order-7/review')
console.log('review:', (await review.describe()).status)
await review.signal(workflows.received)
console.log('review:', await review.result())
