/** Another server takes over without the last commits of the one before: nobody goes on from what it lost. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Store } from '@perdure/engine'
import { createPostgresStore } from '@perdure/postgres'
import { Client } from 'pg'
import { Arena, event, transition } from '../conformance/arena.ts'
import { type PostgresCluster, startPostgresCluster } from '../support/postgres-cluster.ts'

const unused = async () => {}
let cluster: PostgresCluster
let store: Store
before(async () => {
  cluster = await startPostgresCluster()
  store = createPostgresStore({ connectionString: cluster.connectionString })
  await store.open()
})
after(async () => {
  await store.close()
  await cluster.stop()
})

test('a worker of before writes nothing, claims nothing and finds itself dead; the next goes on from what is there', async () => {
  const arena = new Arena({ store, ageWorker: unused, ageQueue: unused, dispose: unused })
  const worker = await arena.worker()
  const [start, waiting] = [await arena.started(worker), await arena.started(null)]
  assert.equal(await arena.transit(worker, start.runId, { events: [event(1)] }), 'ok')
  assert.equal(await arena.transit(worker, start.runId, { events: [event(2)] }), 'ok')
  await promoted(`delete from perdure.history where seq = 2`)

  await store.ping()
  const batch = { incarnation: worker.incarnation, starts: [], transitions: [transition(start.runId, { events: [event(3)] })] }
  assert.deepEqual(await store.commit(batch).catch(() => store.commit(batch)), { type: 'fenced' })
  assert.equal((await store.tick(worker, 5_000)).alive, false)
  const claim = { now: 90_000_000_000_000, limit: 10, suspectLimit: 1 }
  assert.deepEqual(await store.claim({ ...worker, ...claim }), [])
  assert.deepEqual(await store.claimTasks(worker, 1, 10), { tasks: [], retryAt: null })

  await store.retireWorker(worker.incarnation)
  const next = await arena.worker()
  const claimed = await store.claim({ ...next, ...claim })
  assert.deepEqual(claimed.map(({ execution }) => execution.runId).sort(), [start.runId, waiting.runId].sort())
  assert.deepEqual(claimed.find(({ execution }) => execution.runId === start.runId)?.history.map(({ seq }) => seq), [1])
  assert.equal(await arena.transit(next, start.runId, { events: [event(2)] }), 'ok')
})

test('a restart of the same server is no such thing', async () => {
  const arena = new Arena({ store, ageWorker: unused, ageQueue: unused, dispose: unused })
  const worker = await arena.worker()
  await cluster.kill9()
  await cluster.restart()
  assert.equal((await store.tick(worker, 5_000).catch(() => store.tick(worker, 5_000))).alive, true)
})

/** The server ends its recovery on a new line, as a standby does that takes over. */
async function promoted(lost: string): Promise<void> {
  const client = new Client({ connectionString: cluster.connectionString })
  await client.connect()
  await client.query(lost)
  await client.query(`alter system set restore_command = 'false'`)
  const { rows } = await client.query<{ folder: string }>(`select current_setting('data_directory') as folder`)
  await client.end()
  writeFileSync(join(rows[0]?.folder ?? '', 'recovery.signal'), '')
  await cluster.restart()
}
