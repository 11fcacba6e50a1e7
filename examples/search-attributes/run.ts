/** What an execution tells of itself. `npx node examples/search-attributes/run.ts` */
import { Engine } from 'perdure'
import { delivered, delivery, region, stage, weighed, weight } from './workflows.ts'

await using engine = await Engine.open({ database: ':memory:' })
engine.workflows.register({ delivery })
await engine.start()

const handle = await engine.workflows.start(delivery, {
  workflowId: 'parcel-7',
  memo: { customer: 'a customer' },
  typedSearchAttributes: [{ key: region, value: 'north' }],
  staticSummary: 'One parcel to the north',
})
await handle.signal(weighed, 2.5)
await handle.signal(delivered)
await handle.result()

const { memo, typedSearchAttributes: attributes, staticSummary } = await handle.describe()
console.log('summary:', staticSummary)
console.log('memo:', memo)
console.log('region:', attributes.get(region))
console.log('stage:', attributes.get(stage))
console.log('weight:', attributes.get(weight))
