/** Executions that signal one another. `npx node examples/external-signals/run.ts` */
import { Engine } from 'perdure'
import * as workflows from './workflows.ts'

await using engine = await Engine.open({ database: ':memory:' })
engine.workflows.register(workflows)
await engine.start()

const shop = await engine.workflows.start(workflows.bicycle, { workflowId: 'bicycle-1' })
const rides = ['customer-1', 'customer-2', 'customer-3'].map((workflowId) => (
  engine.workflows.execute(workflows.ride, { workflowId, args: ['bicycle-1'] })
))
console.log(await Promise.all(rides))
await shop.signal(workflows.closeShop)
console.log('lent to', [...await shop.result()].sort())
console.log(await engine.workflows.execute(workflows.lost))
