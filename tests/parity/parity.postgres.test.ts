import { after } from 'node:test'
import { openTestServer } from '../support/postgres-cluster.ts'
import { paritySuite } from './parity-suite.ts'

const server = await openTestServer()
after(() => server.stop())

paritySuite('PostgreSQL', async () => ({ connection: { database: await server.createDatabase('parity') }, dispose: async () => {} }))
