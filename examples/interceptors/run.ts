/** What goes along with every call, and is in no signature: here, for which customer. `npx node examples/interceptors/run.ts` */
import { Engine, type Interceptors } from 'perdure'
import { defaultPayloadConverter as converter } from 'perdure/workflow'
import * as activities from './activities.ts'
import { workflowInterceptors } from './workflow-interceptors.ts'
import { welcome } from './workflows.ts'

/** In a server: that of the request being answered. */
const currentCustomer = 'a customer'

const interceptors: Interceptors = {
  client: {
    workflow: [{
      start: async (input, next) => next({ ...input, headers: { ...input.headers, customer: converter.toPayload(currentCustomer) } }),
    }],
  },
  workflow: [workflowInterceptors],
  activity: [() => ({
    inbound: {
      execute: async (input, next) => {
        const { customer } = input.headers
        return customer === undefined ? next(input) : activities.customer.run(converter.fromPayload<string>(customer), () => next(input))
      },
    },
  })],
}

const engine = await Engine.open({
  database: ':memory:',
  interceptors,
  logger: {
    debug: () => undefined,
    info: (message, attributes) => {
      if (attributes?.['version'] !== undefined) console.log('log:', message, { version: attributes['version'] })
    },
    warn: console.warn,
    error: console.error,
  },
})
engine.workflows.register({ welcome })
engine.activities.register({ greet: activities.greet })
await engine.start()

console.log(await engine.workflows.execute(welcome))
await engine.stop()
