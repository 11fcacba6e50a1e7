import { createPostgresStore } from '@perdure/postgres'
import { openTestServer } from '../support/postgres-cluster.ts'
import { crashTest } from './crash-run.ts'

crashTest('PostgreSQL', async () => {
  const server = await openTestServer()
  const database = await server.createDatabase('crash')
  const store = createPostgresStore({ connectionString: database })
  await store.open()
  return {
    database, store,
    dispose: async () => {
      await store.close()
      await server.stop()
    },
  }
})
