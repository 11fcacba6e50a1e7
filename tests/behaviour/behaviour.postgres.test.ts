import { after } from 'node:test'
import { openTestServer } from '../support/postgres-cluster.ts'
import { behaviourSuite } from './behaviour-suite.ts'

const server = await openTestServer()
after(() => server.stop())
let databases = 0

behaviourSuite('PostgreSQL', async () => {
  const database = await server.createDatabase(`behaviour_${++databases}`)
  return { connection: { database }, dispose: async () => {} }
})
