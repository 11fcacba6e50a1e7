import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import {
  SchemaMissingError, SchemaTooNewError, SchemaTooOldError, StoreReadOnlyError, StoreRejectedError, takeoversSuspect,
} from '@perdure/engine'
import { createPostgresStore } from '@perdure/postgres'
import { Client, type DatabaseError } from 'pg'
import { migrations } from '../../packages/postgres/src/migrate.ts'
import { makeStrict } from '../support/strict-schema.ts'
import { schemaListing } from './schema-listing.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
before(async () => {
  stage = await openStage('schema')
})
after(() => stage.dispose())

const schemaFile = new URL('../../packages/postgres/schema.sql', import.meta.url)

test('schema.sql is what the migrations make', async () => {
  const listing = await schemaListing(stage.admin, 'perdure')
  if (process.env['UPDATE_SCHEMA'] === '1') writeFileSync(schemaFile, listing)
  assert.equal(listing, readFileSync(schemaFile, 'utf8'), 'to write it anew: UPDATE_SCHEMA=1 npm run test:postgres -- schema')
})

test('ten processes may open a new database at once', async () => {
  for (const schema of ['ten at once', 'and again', 'a third time']) {
    const stores = await Promise.all(Array.from({ length: 10 }, () => stage.another(schema)))
    assert.deepEqual(await Promise.all(stores.map(store => store.countExecutions({ namespace: 'default' }))), Array(10).fill(0))
    const { rows } = await stage.admin.query(`select version from "${schema}".schema_migrations order by version`)
    assert.deepEqual(rows, migrations.map(({ version }) => ({ version })))
    await Promise.all(stores.map(store => store.close()))
  }
})

test('opening what is up to date changes nothing and needs no right to create', async () => {
  const { admin, connectionString } = stage
  await admin.query(`create role perdure_guest_${process.pid} login`)
  try {
    await admin.query(`grant usage on schema perdure to perdure_guest_${process.pid}`)
    await admin.query(`grant select on all tables in schema perdure to perdure_guest_${process.pid}`)
    const url = new URL(connectionString)
    url.username = `perdure_guest_${process.pid}`
    const guest = createPostgresStore({ connectionString: url.href })
    await guest.open()
    await assert.rejects(guest.registerWorker(stage.arena.registration()), (error: Error) =>
      error instanceof StoreReadOnlyError && /Grant this user the rights/.test(error.message))
    const nowhere = createPostgresStore({ connectionString: url.href, schema: 'not_there' })
    await assert.rejects(nowhere.open(), StoreReadOnlyError)
    await Promise.all([guest.close(), nowhere.close()])
  } finally {
    await admin.query(`drop owned by perdure_guest_${process.pid}`)
    await admin.query(`drop role perdure_guest_${process.pid}`)
  }
})

test('a schema made by a newer version is refused, and says which', async () => {
  const store = await stage.another('from the future')
  await stage.admin.query('insert into "from the future".schema_migrations values (999, $1, 0)', ['later'])
  const late = createPostgresStore({ connectionString: stage.connectionString, schema: 'from the future' })
  await assert.rejects(late.open(), (error: Error) =>
    error instanceof SchemaTooNewError && /version 999/.test(error.message) && error.message.includes('from the future'))
  await Promise.all([store.close(), late.close()])
})

test('without migrating, a database without the schema is refused, and nothing is made in it', async () => {
  const { admin, connectionString } = stage
  const store = createPostgresStore({ connectionString, schema: 'none', migrate: false })
  await assert.rejects(store.open(), (error: Error) => error instanceof SchemaMissingError && /no tables of Perdure/.test(error.message))
  const { rows } = await admin.query(`select nspname from pg_namespace where nspname = 'none'`)
  assert.deepEqual(rows, [])
  await store.close()
})

test('without migrating, an older schema is refused and left as it is, and one of this version is opened', async () => {
  const { admin, connectionString } = stage
  const [made, reader] = [await stage.another('older'), createPostgresStore({ connectionString, schema: 'older', migrate: false })]
  await reader.open()
  assert.equal(await reader.countExecutions({ namespace: 'default' }), 0)
  await admin.query('delete from older.schema_migrations where version > 1')
  const late = createPostgresStore({ connectionString, schema: 'older', migrate: false })
  await assert.rejects(late.open(), (error: Error) => error instanceof SchemaTooOldError && /version 1/.test(error.message))
  const { rows } = await admin.query('select version from older.schema_migrations')
  assert.deepEqual(rows, [{ version: 1 }])
  await Promise.all([made, reader, late].map(store => store.close()))
})

test('a migration that fails leaves nothing behind', async () => {
  const { admin, connectionString } = stage
  await admin.query('create schema half')
  await admin.query('create table half.history (note text)')
  const store = createPostgresStore({ connectionString, schema: 'half' })
  await assert.rejects(store.open(), StoreRejectedError)
  const { rows } = await admin.query<{ relname: string }>(`select relname from pg_class where relnamespace = 'half'::regnamespace`)
  assert.deepEqual(rows, [{ relname: 'history' }])
  await admin.query('drop table half.history')
  await store.open()
  assert.equal(await store.countExecutions({ namespace: 'default' }), 0)
  await store.close()
})

test('a database that cannot hold every text is refused, with or without migrating', async () => {
  await stage.admin.query(`create database perdure_latin encoding 'LATIN1' template template0 lc_collate 'C' lc_ctype 'C'`)
  const url = new URL(stage.connectionString)
  url.pathname = '/perdure_latin'
  for (const migrate of [true, false]) {
    const store = createPostgresStore({ connectionString: url.href, migrate })
    await assert.rejects(store.open(), /perdure_latin has the encoding LATIN1, .* create one with UTF8/)
    await store.close()
  }
  await stage.admin.query('drop database perdure_latin')
})

test('a schema may have any name that a function can be written with; another is refused before it is asked for', async () => {
  for (const schema of ['a$&b', 'perdure.', 'x'.repeat(63)]) {
    const [first, again] = [await stage.another(schema), await stage.another(schema)]
    assert.equal((await again.getNamespace('default'))?.name, 'default')
    await Promise.all([first.close(), again.close()])
  }
  for (const schema of ['', "it's", 'a$$b', 'x'.repeat(64)]) {
    const { connectionString } = stage
    assert.throws(() => createPostgresStore({ connectionString, schema }), /cannot be used: name one of 1 to 63 bytes/)
  }
})

test('two schemas of one database know nothing of each other', async () => {
  const { arena } = stage
  const other = await stage.another('other "one"')
  const start = await arena.started(null)
  assert.equal(await other.getExecution(start.namespace, start.workflowId, null), undefined)
  const mine = await stage.store.registerWorker(arena.registration())
  const theirs = await other.registerWorker(arena.registration())
  const keepers = [await stage.store.keepLease(mine.incarnation, 5_000), await other.keepLease(theirs.incarnation, 5_000)]
  const { rows } = await stage.admin.query<{ held: number }>(
    `select count(*)::int as held from pg_locks where locktype = 'advisory' and granted and database = (
      select oid from pg_database where datname = current_database())`)
  assert.equal(rows[0]?.held, 2)
  await Promise.all(keepers.map(keeper => keeper.stop()))
})

test('the index of what may be claimed excludes those whom the engine calls suspects', () => {
  const predicates = (migrations[0]?.text ?? '').matchAll(/takeovers (<|>=) (\d+)\)?(?:;|$)/gm)
  assert.deepEqual([...predicates].map(found => [found[1], Number(found[2])]), [['<', takeoversSuspect], ['>=', takeoversSuspect]])
})

const closed = `update perdure.executions set status = 'FAILED', closed_at = 1`
const illegal: readonly (readonly [what: string, statement: string])[] = [
  ['a closed execution with an owner', `${closed} where run_id = $1`],
  ['an open execution with an end', 'update perdure.executions set closed_at = 1 where run_id = $1'],
  ['a message to nobody', `insert into perdure.inbox (run_id, namespace, task_queue, type, data)
    select gen_random_uuid(), 'n', 'q', $1::text, ''`],
]
const illegalInTests: typeof illegal = [
  ['an open execution with a result', 'update perdure.executions set result = \'1\' where run_id = $1'],
  ['an owned execution that waits', 'update perdure.executions set wake_at = 1 where run_id = $1'],
  ['a closed execution that waits', `${closed}, owner = null, wake_at = 1 where run_id = $1`],
  ['an unknown status', 'update perdure.executions set status = \'PAUSED\', closed_at = 1, owner = null where run_id = $1'],
  ['half a reason to be held', 'update perdure.executions set owner = null, held_code = \'crash_loop\' where run_id = $1'],
  ['half a parent', 'update perdure.executions set parent_command = 1 where run_id = $1'],
  ['an unknown policy for the close of a parent',
    'update perdure.executions set parent_run_id = first_run_id, parent_command = 1, parent_close_policy = \'KEEP\' where run_id = $1'],
  ['an update of an unknown stage', 'insert into perdure.updates values ($1, \'u\', \'lost\')'],
  ['an admitted update with a result', 'insert into perdure.updates values ($1, \'u\', \'admitted\', \'1\')'],
  ['a message in another queue than its execution',
    'insert into perdure.inbox (run_id, namespace, task_queue, type, data) values ($1, \'n\', \'q\', \'T\', \'\')'],
  ['a message that would wake an execution which is owned', `insert into perdure.inbox (run_id, namespace, task_queue, type, data)
    select x.run_id, x.namespace, x.task_queue, 'T', '' from perdure.executions x where x.run_id = $1`],
  ['an event without a number', 'insert into perdure.history values ($1, 0, 1, \'T\', \'\')'],
]

async function refuses({ arena, admin }: Stage, statement: string): Promise<void> {
  const { runId } = await arena.started(await arena.worker())
  await assert.rejects(admin.query(statement, [runId]), (error: DatabaseError) => error.code === '23514' || error.code === '23503')
}

for (const [what, statement] of illegal) test(`the database itself refuses ${what}`, () => refuses(stage, statement))

describe('a database of tests', () => {
  let strict: Stage
  before(async () => {
    strict = await openStage('strict')
    await makeStrict(strict.connectionString)
  })
  after(() => strict.dispose())
  for (const [what, statement] of illegalInTests) test(`refuses ${what} too`, () => refuses(strict, statement))
})

test('an open workflow id is unique in its namespace', async () => {
  const { arena, admin } = stage
  const { namespace, workflowId } = await arena.started(null)
  const again = admin.query(`insert into perdure.executions (run_id, first_run_id, namespace, workflow_id, workflow_type, task_queue,
    priority, input, started_at) select r, r, $1, $2, 't', 'q', 1, '', 1 from gen_random_uuid() r`, [namespace, workflowId])
  await assert.rejects(again, (error: DatabaseError) => error.code === '23505')
})

test('a closed store leaves no connection behind', async () => {
  const { admin, connectionString } = stage
  const store = createPostgresStore({ connectionString })
  await store.open()
  await Promise.all(Array.from({ length: 8 }, () => store.ping()))
  const mine = async () => {
    const { rows } = await admin.query<{ pid: number }>(`select pid from pg_stat_activity
      where datname = current_database() and application_name in ('perdure commit', 'perdure work')`)
    return rows.map(row => row.pid)
  }
  const before = await mine()
  await Promise.all([store.close(), store.close()])
  const gone = new Client({ connectionString })
  await gone.connect()
  for (let left = before.length; left > before.length - 4;) left = (await mine()).length // the server notices in its own time
  await gone.end()
  await assert.rejects(store.ping(), /closed/)
})
