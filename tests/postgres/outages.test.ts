/** What callers are told when the server is away, goes away or refuses, and that nothing acknowledged is lost in a crash. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  StoreBusyError, StoreCorruptError, StoreOutcomeUnknownError, StoreReadOnlyError, StoreRejectedError, StoreUnavailableError,
} from '@perdure/engine'
import type { PerdureError, RunId, Store } from '@perdure/engine'
import { createPostgresStore } from '@perdure/postgres'
import { Engine } from 'perdure'
import { Client, DatabaseError } from 'pg'
import { connectError, statementError } from '../../packages/postgres/src/database-error.ts'
import { Arena, event, transition } from '../conformance/arena.ts'
import { type PostgresCluster, startPostgresCluster } from '../support/postgres-cluster.ts'
import { startDeafProxy } from './deaf-proxy.ts'
import { untilWaiting } from './stage.ts'

const unused = async () => {}
const sqlError = (code: string) => Object.assign(new DatabaseError('no', 2, 'error'), { code, severity: 'ERROR' })

describe('errors of the port', () => {
  const cases: readonly (readonly [string, new (message: string) => PerdureError])[] = [
    ['55P03', StoreBusyError], ['40P01', StoreBusyError], ['40001', StoreBusyError], ['25006', StoreReadOnlyError],
    ['42501', StoreReadOnlyError], ['XX001', StoreCorruptError], ['53100', StoreUnavailableError], ['53300', StoreUnavailableError],
    ['58030', StoreUnavailableError],
    ['XX000', StoreRejectedError], ['23505', StoreRejectedError], ['22021', StoreRejectedError], ['54000', StoreRejectedError],
  ]
  for (const [code, kind] of cases) {
    test(`SQLSTATE ${code} of a statement is a ${kind.name}`, () => {
      const cause = sqlError(code)
      const told = statementError(cause, 'db.example:5432/orders', true)
      assert.ok(told instanceof kind && told.cause === cause)
      assert.match(told.message, /db\.example:5432\/orders/)
    })
  }

  for (const code of ['08006', '57P01', '57P02', '57P03']) {
    test(`SQLSTATE ${code} leaves the outcome of a write open, not that of a read`, () => {
      assert.ok(statementError(sqlError(code), 'h:1/d', true) instanceof StoreOutcomeUnknownError)
      assert.ok(statementError(sqlError(code), 'h:1/d', false) instanceof StoreUnavailableError)
    })
  }

  const remedies: readonly (readonly [Error, RegExp])[] = [
    [Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }), /Start the server/],
    [Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }), /host name is not known/],
    [sqlError('28P01'), /user name and password/], [sqlError('3D000'), /Create the database/], [sqlError('53300'), /max_connections/],
    [new Error('who knows'), /Check that the server runs/],
  ]
  for (const [cause, remedy] of remedies) {
    test(`a connection that fails by "${'code' in cause ? String(cause.code) : cause.message}" names a remedy`, () => {
      const told = connectError(cause, 'h:1/d')
      assert.ok(told instanceof StoreUnavailableError)
      assert.match(told.message, remedy)
    })
  }
})

describe('a server that is not there', () => {
  test('opening names host, port and database, and never the password', async () => {
    const store = createPostgresStore({ connectionString: 'postgres://me:s3cret@127.0.0.1:1/orders' })
    assert.equal(store.location, '127.0.0.1:1/orders')
    await assert.rejects(store.open(), (error: Error) => {
      assert.ok(error instanceof StoreUnavailableError)
      assert.match(error.message, /127\.0\.0\.1:1\/orders/)
      assert.equal(error.message.includes('s3cret'), false)
      return true
    })
    await store.close()
  })

  test('a connection string that cannot be read is refused without showing it', () => {
    assert.throws(() => createPostgresStore({ connectionString: 'postgres://me:s3cret@host:notaport/x' }), (error: Error) => {
      assert.ok(error instanceof StoreUnavailableError)
      assert.equal(`${error.message}${String(error.cause)}`.includes('s3cret'), false)
      return true
    })
  })
})

describe('a server that goes away', () => {
  let cluster: PostgresCluster
  let connectionString: string
  let store: Store
  let arena: Arena
  before(async () => {
    cluster = await startPostgresCluster()
    connectionString = await cluster.createDatabase('outages')
    store = createPostgresStore({ connectionString })
    await store.open()
    arena = new Arena({ store, ageWorker: unused, ageQueue: unused, dispose: unused })
  })
  after(async () => {
    await store.close()
    await cluster.stop()
  })

  test('a database that does not exist is named with what to do', async () => {
    const url = new URL(connectionString)
    url.pathname = '/nowhere'
    const lost = createPostgresStore({ connectionString: url.href })
    await assert.rejects(lost.open(), (error: Error) => error instanceof StoreUnavailableError && /nowhere.*createdb/s.test(error.message))
    await lost.close()
  })

  test('text that PostgreSQL cannot hold rejects the batch and harms nothing', async () => {
    const worker = await arena.worker()
    const start = await arena.started(worker)
    await assert.rejects(arena.transit(worker, start.runId, { events: [event(1, { data: 'a\0b' })] }), StoreRejectedError)
    assert.equal(await arena.transit(worker, start.runId, { events: [event(1)] }), 'ok')
  })

  test('a server that is frozen does not keep a program from stopping', { timeout: 20_000 }, async (t) => {
    const proxy = await startDeafProxy(connectionString)
    t.after(() => proxy.stop())
    const engine = await Engine.open({ database: proxy.connectionString, worker: false })
    const deaf = createPostgresStore({ connectionString: proxy.connectionString })
    await deaf.open()
    const lease = await deaf.keepLease((await deaf.registerWorker(arena.registration())).incarnation, 5_000)
    proxy.goDeaf()
    await Promise.all([engine.stop(), lease.stop(), deaf.close()])
  })

  test('a connection cut under a commit leaves its outcome open, and the next call connects again', async () => {
    const worker = await arena.worker()
    const start = await arena.started(worker)
    const [other, admin] = [new Client({ connectionString }), new Client({ connectionString })]
    await Promise.all([other.connect(), admin.connect()])
    await other.query('begin')
    await other.query('select 1 from perdure.workers where incarnation = $1 for update', [worker.incarnation])
    const cut = arena.transit(worker, start.runId, { events: [event(1)] })
    const rejected = assert.rejects(cut, StoreOutcomeUnknownError)
    await untilWaiting(admin, 'perdure commit')
    await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'perdure commit'`)
    await rejected
    await Promise.all([other.end(), admin.end()])
    assert.equal(await arena.transit(worker, start.runId, { events: [event(1)] }), 'ok')
  })

  test('connections cut while nothing runs on them are made again unnoticed', async () => {
    const worker = await arena.worker()
    const admin = new Client({ connectionString })
    await admin.connect()
    await admin.query(`select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name like 'perdure%'`)
    await admin.end()
    await until(async () => (await arena.started(worker)).runId !== undefined)
    assert.ok(await store.ping() > 0)
  })

  test('while the server is down calls fail soon and say so; when it is back they work, without a new store', async () => {
    const worker = await arena.worker()
    const start = await arena.started(worker)
    await cluster.kill9()
    const calls = [
      () => store.ping(), () => store.post([{ ...start, type: 'S', data: '1' }]), () => arena.transit(worker, start.runId),
      () => arena.claim(worker), () => store.tick(worker, 5_000),
    ]
    await Promise.all(calls.map(call => assert.rejects(call(), isOutage)))
    await assert.rejects(store.ping(), StoreUnavailableError)
    await cluster.restart()
    assert.equal(await arena.transit(worker, start.runId, { events: [event(1)] }), 'ok')
    assert.equal((await store.tick(worker, 5_000)).alive, true)
  })

  test('after a restart nobody is taken for dead before there was the time of a lease to renew it', async () => {
    const [worker, other] = [await arena.worker(), await arena.worker()]
    const seen = async ({ incarnation }: typeof worker) => {
      const found = (await store.listWorkers(worker.namespace)).find(one => one.incarnation === incarnation)
      return { incarnation, renewedAt: found?.renewedAt ?? 0 }
    }
    const suspect = await seen(worker)
    await cluster.restart()
    assert.equal(await store.takeOver(suspect, 60_000), false, 'nobody holds its lock, and it is alive all the same')
    await store.tick(worker, 5_000)
    assert.equal(await store.takeOver(suspect, 1), false, 'it renewed its lease')
    assert.equal(await store.takeOver(await seen(worker), 60_000), true, 'from then on its lock counts')
    assert.equal(await store.takeOver(await seen(other), 1), true, 'the time to renew is over')
  })

  test('what was acknowledged is there after the server was killed under load', async () => {
    const worker = await arena.worker()
    for (let round = 0; round < 3; round++) {
      const runs = (await Promise.all(Array.from({ length: 20 }, () => arena.started(worker)))).map(start => start.runId)
      const acknowledged = new Map<RunId, number>()
      const reached = Promise.withResolvers<void>()
      const gone = new AbortController()
      const write = async () => {
        for (let seq = 1; !gone.signal.aborted; seq++) {
          const transitions = runs.map(run => transition(run, { events: [event(seq)] }))
          await store.commit({ incarnation: worker.incarnation, starts: [], transitions })
          for (const run of runs) acknowledged.set(run, seq)
          if (seq === 50 + 37 * round) reached.resolve()
        }
      }
      const written = write().catch((error: unknown) => assert.ok(isOutage(error), String(error)))
      await Promise.race([reached.promise, written])
      await cluster.kill9()
      gone.abort()
      await cluster.restart()
      await written // one that found its connection cut while idle connects again, and commits
      for (const run of runs) {
        const events = await store.readHistory(run, 0, 10_000)
        const sure = acknowledged.get(run) ?? 0
        assert.ok(events.length === sure || events.length === sure + 1, `${events.length} events, ${sure} acknowledged`)
        assert.deepEqual(events.map(one => one.seq), events.map((_, index) => index + 1))
      }
    }
  })
})

function isOutage(error: unknown): boolean {
  return error instanceof StoreUnavailableError || error instanceof StoreOutcomeUnknownError
}

/** A connection that was cut may be noticed only by the call that uses it. */
async function until(work: () => Promise<boolean>): Promise<void> {
  for (;;) {
    try {
      if (await work()) return
    } catch (error) {
      if (!isOutage(error)) throw error
    }
  }
}
