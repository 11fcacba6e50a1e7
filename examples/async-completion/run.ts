/** Activities that somebody else completes, with a token that may be kept anywhere. `npx node examples/async-completion/run.ts` */
import { setImmediate } from 'node:timers/promises'
import { Engine } from 'perdure'
import { createActivities, type Desk } from './activities.ts'
import { contract } from './workflows.ts'

const desk: Desk = new Map()
await using engine = await Engine.open({ database: ':memory:' })
engine.workflows.register({ contract })
engine.activities.register(createActivities(desk))
await engine.start()

const lease = await engine.workflows.start(contract, { args: ['lease'] })
const sale = await engine.workflows.start(contract, { args: ['sale'] })
while (desk.size < 2) await setImmediate()

for (const [paper, token] of desk) {
  // In another process as well: of an engine with `worker: false`.
  if (paper === 'lease') await engine.activities.complete(token, 'signed by a customer')
  else await engine.activities.fail(token, new Error('the price is too high'))
}
console.log(await lease.result())
console.log(await sale.result())
