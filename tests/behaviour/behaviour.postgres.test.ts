import { after } from 'node:test'
import { createPostgresStore } from '@perdure/postgres'
import { openTestServer } from '../support/postgres-cluster.ts'
import { makeStrict } from '../support/strict-schema.ts'
import { behaviourSuite } from './behaviour-suite.ts'

const server = await openTestServer()
after(() => server.stop())
let databases = 0

behaviourSuite('PostgreSQL', async () => {
  const database = await server.createDatabase(`behaviour_${++databases}`)
  const store = createPostgresStore({ connectionString: database })
  await store.open()
  await makeStrict(database)
  await store.close()
  return { connection: { database }, dispose: async () => {} }
})
