/** Two invoices over seven weeks, which pass at once in a test environment. `npx node examples/timers/run.ts` */
import { TestEnvironment } from 'perdure/testing'
import * as activities from './activities.ts'
import * as workflows from './workflows.ts'

await using env = await TestEnvironment.create({ workflows, activities, startTime: '2026-01-01' })

console.log(await env.workflows.execute(workflows.invoice, { args: ['the first customer'] }))
console.log('It is', new Date(env.currentTimeMs()).toISOString())

const second = await env.workflows.start(workflows.invoice, { args: ['the second customer'] })
await env.sleep('40 days')
await second.signal(workflows.pay)
console.log(await second.result())
console.log('It is', new Date(env.currentTimeMs()).toISOString())
