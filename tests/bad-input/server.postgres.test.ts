/** A PostgreSQL server that goes away and comes back, or whose schema is newer than the code. Nothing is lost. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Client } from 'pg'
import { Engine } from 'perdure'
import { startPostgresCluster } from '../support/postgres-cluster.ts'
import { refused, silent } from './refusals.ts'
import * as workflows from './workflows.ts'

const hungAfterMs = 120_000

async function opened(database: string): Promise<Engine> {
  const engine = await Engine.open({ database, logger: silent, worker: { tickMs: 50 } })
  engine.workflows.register(workflows)
  engine.activities.register({ charge: async (amount: number) => `charged ${amount}` })
  await engine.start()
  return engine
}

test('a worker outlives its server and goes on when it is back; a client is told at once', { timeout: hungAfterMs }, async (t) => {
  const cluster = await startPostgresCluster()
  t.after(() => cluster.stop())
  const database = await cluster.createDatabase('outage')
  const engine = await opened(database)
  t.after(() => engine.stop())
  const waiting = await engine.workflows.start(workflows.chargeAfterSignal, { workflowId: 'order-1', args: [5] })
  await waiting.describe()

  await cluster.kill9()
  await refused(() => Engine.open({ database, worker: false }), 'STORE_UNAVAILABLE', new RegExp(`127\\.0\\.0\\.1:${cluster.port}`))
  const starting = () => engine.workflows.start(workflows.chargeOrder, { workflowId: 'order-2', args: [6] })
  await refused(starting, 'STORE_UNAVAILABLE', new RegExp(`127\\.0\\.0\\.1:${cluster.port}`))
  assert.equal((await engine.health()).connected, false)

  await cluster.restart()
  const client = await Engine.open({ database, worker: false, logger: silent })
  t.after(() => client.stop())
  await client.workflows.signal('order-1', workflows.proceed)
  assert.equal(await client.workflows.getResult('order-1'), 'charged 5')
  assert.equal(await engine.workflows.execute(workflows.chargeOrder, { workflowId: 'order-3', args: [7] }), 'charged 7')
  assert.equal((await engine.health()).connected, true)
})

test('a schema made by newer code is refused, and its work goes on with that code', { timeout: hungAfterMs }, async (t) => {
  const cluster = await startPostgresCluster()
  t.after(() => cluster.stop())
  const database = await cluster.createDatabase('newer')
  const producer = await Engine.open({ database, worker: false, logger: silent })
  await producer.workflows.start(workflows.chargeOrder, { workflowId: 'order-1', args: [5] })
  await producer.stop()
  const admin = new Client({ connectionString: database })
  await admin.connect()
  await admin.query(`insert into perdure.schema_migrations values (99, 'future', 0)`)
  await refused(() => Engine.open({ database }), 'SCHEMA_TOO_NEW', /99/)
  await admin.query('delete from perdure.schema_migrations where version = 99')
  await admin.end()
  const engine = await opened(database)
  t.after(() => engine.stop())
  assert.equal(await engine.workflows.getResult('order-1'), 'charged 5')
})

test('a database that is not there, and a user that may not, are told with the server', { timeout: hungAfterMs }, async (t) => {
  const cluster = await startPostgresCluster()
  t.after(() => cluster.stop())
  const missing = new URL(cluster.connectionString)
  missing.pathname = '/missing'
  await refused(() => Engine.open({ database: missing.href }), 'STORE_UNAVAILABLE', /missing/)
})
