import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createPostgresStore } from '@perdure/postgres'
import { Client } from 'pg'
import { openTestServer } from '../support/postgres-cluster.ts'
import { upgradeSuite } from './upgrade-suite.ts'

upgradeSuite('postgres', async (folder) => {
  const server = await openTestServer()
  const connectionString = await server.createDatabase('histories')
  const client = new Client({ connectionString })
  await client.connect()
  await client.query(await readFile(join(folder, 'postgres.generated.sql'), 'utf8'))
  await client.end()
  return { open: () => createPostgresStore({ connectionString }), dispose: () => server.stop() }
})
