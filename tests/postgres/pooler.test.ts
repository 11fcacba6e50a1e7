/**
 * The store behind PgBouncer: that it is found out, leaves nothing on connections that others use too, kills no worker that
 * lives, and outlives the pooler.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { StoreBusyError, StoreUnavailableError } from '@perdure/engine'
import type { Serving, Store } from '@perdure/engine'
import { createPostgresNotifier, createPostgresStore } from '@perdure/postgres'
import { Client } from 'pg'
import { beginWithSettings } from '../../packages/postgres/src/session-settings.ts'
import { Arena, completed, event } from '../conformance/arena.ts'
import { type PgBouncer, skipWithoutPgBouncer, startPgBouncer } from '../support/pgbouncer.ts'
import { openStage, type Stage, untilTrue } from './stage.ts'

const leaseMs = 5_000
const unused = async () => {}

describe('the store behind PgBouncer', skipWithoutPgBouncer(), () => {
  let stage: Stage
  const bouncers: PgBouncer[] = []
  const stores: Store[] = []
  before(async () => {
    stage = await openStage('pooler')
  })
  after(async () => {
    await Promise.all(stores.map(each => each.close()))
    await Promise.all(bouncers.map(each => each.stop()))
    await stage.dispose()
  })

  async function pooled(settings: Readonly<Record<string, string>> = {}, parameters = '') {
    const bouncer = await startPgBouncer(stage.connectionString, settings)
    bouncers.push(bouncer)
    const connectionString = `${bouncer.through(stage.connectionString)}${parameters}`
    const store = createPostgresStore({ connectionString })
    stores.push(store)
    return { bouncer, connectionString, store }
  }

  /** A plain client of the same pooler: it is given the connections to the server that the store used. */
  async function stranger(connectionString: string): Promise<Client> {
    const client = new Client({ connectionString })
    client.on('error', () => undefined) // one test has it cut
    await client.connect()
    return client
  }

  test('a server without a pooler is told from one in session mode, and both from one in transaction mode', async () => {
    assert.equal(stage.store.pooler, undefined)
    const modes = { session: undefined, transaction: 'transaction' } as const
    for (const [mode, found] of Object.entries(modes)) {
      for (const settings of [{}, { server_round_robin: '1' }]) {
        const { store } = await pooled({ pool_mode: mode, ...settings })
        await store.open()
        assert.equal(store.pooler, found, `${mode} ${JSON.stringify(settings)}`)
      }
    }
  })

  test('a pooler with a single connection to the server is found out, and enough', async () => {
    const { store } = await pooled({ default_pool_size: '1' })
    await store.open()
    assert.equal(store.pooler, 'transaction')
    const arena = new Arena({ store, ageWorker: unused, ageQueue: unused, dispose: unused })
    const worker = await arena.worker()
    const start = await arena.started(worker)
    assert.equal(await arena.transit(worker, start.runId, { events: [event(1)], close: completed }), 'ok')
  })

  test('a direct connection carries hints and the process lock, so that a dead worker is known before its lease has ended', async () => {
    const { store, connectionString } = await pooled({}, `?direct=${new URL(stage.connectionString).host}`)
    await store.open()
    assert.deepEqual([store.pooler, store.direct], ['transaction', true])
    const [sender, listener] = [createPostgresNotifier({ connectionString }), createPostgresNotifier({ connectionString })]
    const heard = new Promise<string>(resolve => void listener.start(resolve).then(() => sender.start(() => undefined)).then(() =>
      sender.publish('queue')))
    assert.equal(await heard, 'queue')
    await Promise.all([sender.stop(), listener.stop()])
    const arena = new Arena({ store, ageWorker: unused, ageQueue: unused, dispose: unused })
    const { incarnation } = await arena.worker()
    const keeper = await store.keepLease(incarnation, leaseMs)
    const suspect = { incarnation, renewedAt: await arena.renewedAt(incarnation) }
    assert.equal(await store.takeOver(suspect, 60_000), false)
    await keeper.stop()
    await untilTrue(stage.admin,
      `select not exists (select 1 from pg_locks where locktype = 'advisory' and objid = $1::bigint::oid) as yes`, [incarnation])
    assert.equal(await store.takeOver(suspect, 60_000), true)
  })

  test('a direct connection that leads to a pooler, to another database or nowhere is refused', async () => {
    const { bouncer } = await pooled()
    const elsewhere = new URL(stage.connectionString)
    elsewhere.pathname = '/postgres'
    const cases: readonly (readonly [string, RegExp])[] = [
      [new URL(bouncer.through(stage.connectionString)).host, /leads to a pooler in transaction mode/],
      [encodeURIComponent(elsewhere.href), /leads to another database, at .*\/postgres/],
      ['127.0.0.1:1', /127\.0\.0\.1:1\/pooler cannot be reached/],
    ]
    for (const [direct, told] of cases) {
      const store = createPostgresStore({ connectionString: `${bouncer.through(stage.connectionString)}?direct=${direct}` })
      stores.push(store)
      await assert.rejects(store.open(), tells(told))
    }
    for (const direct of ['', 'host:port', 's3cret@host', '%E0%A4%A', 'mysql%3A%2F%2Fh']) {
      assert.throws(() => createPostgresStore({ connectionString: `postgres://me:s3cret@h/d?direct=${direct}` }), (error: Error) =>
        tells(/write direct=host:5432/)(error) && !error.message.includes('s3cret'))
    }
  })

  test('what the connection string says of a pooler is believed', async () => {
    const told = createPostgresStore({ connectionString: `${stage.connectionString}?pooler=transaction` })
    stores.push(told)
    await told.open()
    assert.equal(told.pooler, 'transaction')
    assert.throws(() => createPostgresStore({ connectionString: 'postgres://me:s3cret@h/d?pooler=sessions' }),
      tells(/pooler=sessions.*write pooler=transaction/))
  })

  test('a pooler that pools statements is refused with the remedy', async () => {
    const { store } = await pooled({ pool_mode: 'statement' })
    // It closes the connection as it refuses; what is written at that moment breaks before its reason is read.
    let told: Error
    do {
      told = await store.open().then(() => assert.fail('it was let in'), (error: Error) => error)
    } while (/EPIPE|ECONNRESET/.test(told.message))
    assert.ok(tells(/pool_mode=transaction/)(told), told.message)
  })

  test('a pooler that was denied is told of when a statement is lost by it', async () => {
    const { store, connectionString } = await pooled({ default_pool_size: '1', max_prepared_statements: '0' }, '?pooler=none')
    const other = createPostgresStore({ connectionString })
    stores.push(other)
    const twoSessions = async () => {
      await store.open()
      await other.open()
    }
    await assert.rejects(twoSessions(), tells(/ping_v1.*\?pooler=transaction/))
  })

  test('nothing is left on the connections to the server', async () => {
    const { store, connectionString } = await pooled({ default_pool_size: '1' })
    await store.open()
    const notifier = createPostgresNotifier({ connectionString })
    await notifier.start(() => undefined)
    const arena = new Arena({ store, ageWorker: unused, ageQueue: unused, dispose: unused })
    const worker = await arena.worker()
    const keeper = await store.keepLease(worker.incarnation, leaseMs)
    const start = await arena.started(worker)
    await arena.transit(worker, start.runId, { events: [event(1)] })
    await store.tick(worker, leaseMs)
    notifier.publish('queue')
    const client = await stranger(connectionString)
    const { rows } = await client.query(`select current_setting('enable_seqscan') as scans, current_setting('lock_timeout') as locks,
      current_setting('idle_in_transaction_session_timeout') as idle, current_setting('plan_cache_mode') as plans,
      (select count(*)::int from pg_prepared_statements) as statements, (select count(*)::int from pg_listening_channels()) as channels,
      (select count(*)::int from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()) as held`)
    assert.deepEqual(rows, [{ scans: 'on', locks: '0', idle: '0', plans: 'auto', statements: 0, channels: 0, held: 0 }])
    await client.end()
    await keeper.stop()
    await notifier.stop()
  })

  test('a worker without a process lock is dead only when its lease has ended, also for an observer without a pooler', async () => {
    const { store } = await pooled()
    await store.open()
    const arena = new Arena({ store, ageWorker: unused, ageQueue: unused, dispose: unused })
    const { incarnation } = await arena.worker()
    const suspect = { incarnation, renewedAt: await arena.renewedAt(incarnation) }
    assert.deepEqual((await stage.store.listWorkers(arena.namespace)).map(each => each.leaseOnly), [true])
    assert.deepEqual((await stage.store.describeQueue(arena.namespace, arena.queue)).workers.map(each => each.leaseOnly), [true])
    assert.equal(await stage.store.takeOver(suspect, 60_000), false)
    assert.equal(await store.takeOver(suspect, 60_000), false)
    const locked = await stage.store.registerWorker(arena.registration())
    assert.equal(await store.takeOver({ incarnation: locked.incarnation, renewedAt: locked.now }, 60_000), true, 'its lock is free')
    await stage.admin.query('update perdure.workers set renewed_at = renewed_at - 60001 where incarnation = $1', [incarnation])
    assert.equal(await store.takeOver({ incarnation, renewedAt: suspect.renewedAt - 60_001 }, 60_000), true)
  })

  test('a main thread that computes keeps its lease', async () => {
    const { store } = await pooled()
    await store.open()
    const arena = new Arena({ store, ageWorker: unused, ageQueue: unused, dispose: unused })
    const { incarnation, now } = await store.registerWorker(arena.registration())
    const keeper = await store.keepLease(incarnation, leaseMs)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_500)
    const renewedAt = await arena.renewedAt(incarnation)
    await keeper.stop()
    assert.ok(renewedAt > now, 'the thread did not renew')
  })

  test('a client frozen within its transaction does not hold up the takeover: the server ends it', async () => {
    const { store, connectionString } = await pooled()
    await store.open()
    const arena = new Arena({ store, ageWorker: unused, ageQueue: unused, dispose: unused })
    const worker = await arena.worker()
    const start = await arena.started(worker)
    const frozen = await stranger(connectionString)
    const lost = new Promise(resolve => void frozen.once('error', resolve))
    await frozen.query(beginWithSettings(1_000))
    await frozen.query('select 1 from perdure.workers where incarnation = $1 for key share', [worker.incarnation])
    await stage.admin.query('update perdure.workers set renewed_at = 0 where incarnation = $1', [worker.incarnation])
    const suspect = { incarnation: worker.incarnation, renewedAt: 0 }
    await assert.rejects(store.takeOver(suspect, leaseMs), StoreBusyError)
    await lost
    assert.equal(await store.takeOver(suspect, leaseMs), true)
    await assertFenced(store, worker, start.runId)
    await frozen.end()
  })

  test('a pool without a free connection is told with the remedy, and nothing was done', async () => {
    const { store, connectionString } = await pooled({ default_pool_size: '1', query_wait_timeout: '1' })
    await store.open()
    const greedy = await stranger(connectionString)
    await greedy.query('begin')
    const arena = new Arena({ store, ageWorker: unused, ageQueue: unused, dispose: unused })
    await assert.rejects(arena.worker(), tells(/default_pool_size/))
    await greedy.query('rollback')
    await greedy.end()
    await arena.worker()
    assert.equal((await store.listWorkers(arena.namespace)).length, 1)
  })

  test('while the pooler is away calls say so; when it is back they work, without a new store', async () => {
    const { store, bouncer } = await pooled()
    await store.open()
    const arena = new Arena({ store, ageWorker: unused, ageQueue: unused, dispose: unused })
    const worker = await arena.worker()
    const keeper = await store.keepLease(worker.incarnation, leaseMs)
    await bouncer.kill9()
    await assert.rejects(store.ping(), tells(/Start the server/))
    await bouncer.start()
    assert.equal((await store.tick(worker, leaseMs)).alive, true)
    const seen = await arena.renewedAt(worker.incarnation)
    // Only the thread renews from here on.
    await untilTrue(stage.admin, 'select exists (select 1 from perdure.workers where incarnation = $1 and renewed_at > $2) as yes',
      [worker.incarnation, seen])
    await keeper.stop()
  })
})

const tells = (remedy: RegExp) => (error: Error) => error instanceof StoreUnavailableError && remedy.test(error.message)

async function assertFenced(store: Store, worker: Serving, runId: Parameters<Store['readHistory']>[0]): Promise<void> {
  const outcome = await store.commit({
    incarnation: worker.incarnation, starts: [],
    transitions: [{
      runId, events: [event(1)], consumed: [], tasks: [], cancelTasks: [], close: null, release: null, resetTakeovers: false,
    }],
  })
  assert.equal(outcome.type, 'fenced')
  assert.deepEqual(await store.readHistory(runId, 0, 10), [])
}
