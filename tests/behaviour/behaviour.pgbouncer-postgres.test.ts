import { after, test } from 'node:test'
import { skipWithoutPgBouncer, startPgBouncer } from '../support/pgbouncer.ts'
import { openTestServer } from '../support/postgres-cluster.ts'
import { behaviourSuite } from './behaviour-suite.ts'

const options = skipWithoutPgBouncer()
if (options.skip === undefined) await declare()
else test('behaviour on PostgreSQL behind PgBouncer', options)

async function declare(): Promise<void> {
  const server = await openTestServer()
  const bouncer = await startPgBouncer(server.connectionString, { max_prepared_statements: '0' })
  after(async () => {
    await bouncer.stop()
    await server.stop()
  })
  let databases = 0
  behaviourSuite('PostgreSQL behind PgBouncer', async () => {
    const database = bouncer.through(await server.createDatabase(`behaviour_${++databases}`))
    return { connection: { database }, dispose: async () => {} }
  })
}
