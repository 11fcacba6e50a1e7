import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { SchemaMissingError, SchemaTooNewError, SchemaTooOldError, StoreCorruptError, StoreUnavailableError } from '@perdure/engine'
import { createSqliteStore } from '@perdure/sqlite'
import { toldBy } from './child-process.ts'
import { openStore, startOf, temporaryFolder } from './temporary-folder.ts'

const opening = (file: string) => createSqliteStore({ file }).open()

test('ten processes that open a new file at once all succeed, migrate it once and lose nothing', async context => {
  const file = join(temporaryFolder(context), 'new.db')
  const processes = await Promise.all(Array.from({ length: 10 }, () => toldBy({ do: 'start', file, count: 20 })))
  assert.deepEqual(processes.map(({ code, told }) => [code, told.at(-1)?.type, told.length]), processes.map(() => [0, 'done', 21]))
  const store = await openStore(context, file)
  assert.equal(await store.countExecutions({ namespace: 'default' }), 200)
  const database = new DatabaseSync(file, { readOnly: true })
  assert.deepEqual(database.prepare('select version, name from schema_versions').all().map(row => ({ ...row })), [
    { version: 1, name: 'foundation' },
  ])
  database.close()
})

test('a database keeps its data when it is opened again, and opening twice is harmless', async context => {
  const file = join(temporaryFolder(context), 'again.db')
  const first = createSqliteStore({ file })
  await first.open()
  await first.commit({ incarnation: null, starts: [startOf('w-1')], transitions: [] })
  await first.close()
  await first.close()
  await assert.rejects(first.ping(), StoreUnavailableError)
  const second = await openStore(context, file)
  await second.open()
  assert.equal((await second.getExecution('default', 'w-1', null))?.status, 'RUNNING')
})

test('the location is the absolute path', () => {
  assert.equal(createSqliteStore({ file: 'orders.db' }).location, join(process.cwd(), 'orders.db'))
  assert.equal(createSqliteStore({ file: ':memory:' }).location, ':memory:')
})

test('a schema newer than the code is refused and left as it is', async context => {
  const file = join(temporaryFolder(context), 'newer.db')
  const store = createSqliteStore({ file })
  await store.open()
  await store.close()
  const database = new DatabaseSync(file)
  database.exec(`insert into schema_versions values (99, 'future', 0)`)
  database.close()
  await assert.rejects(opening(file), (error: Error) =>
    error instanceof SchemaTooNewError && error.message.includes(file) && /99.*update Perdure/.test(error.message))
})

test('a file that is no database is refused by its name and left as it is', async context => {
  const file = join(temporaryFolder(context), 'notes.txt')
  const text = 'These are notes, and no database at all.\n'.repeat(200)
  writeFileSync(file, text)
  await assert.rejects(opening(file), (error: Error) => error instanceof StoreCorruptError && error.message.includes(file))
  assert.equal(readFileSync(file, 'utf8'), text)
})

test('a damaged database is refused by its name', async context => {
  const file = join(temporaryFolder(context), 'damaged.db')
  const store = createSqliteStore({ file })
  await store.open()
  await store.close()
  const bytes = readFileSync(file)
  bytes.fill(0x55, 100, bytes.length)
  writeFileSync(file, bytes)
  await assert.rejects(opening(file), (error: Error) => error instanceof StoreCorruptError && error.message.includes(file))
})

test('damage that is found later is told by the operation that finds it', async context => {
  const file = join(temporaryFolder(context), 'damaged-later.db')
  const store = createSqliteStore({ file })
  await store.open()
  await store.commit({ incarnation: null, starts: [startOf('w-1')], transitions: [] })
  await store.close()
  const pages = new DatabaseSync(file)
  const root = Number(pages.prepare(`select rootpage from sqlite_schema where name = 'executions'`).get()?.['rootpage'])
  pages.close()
  const bytes = readFileSync(file)
  bytes.fill(0x55, (root - 1) * 4_096, root * 4_096)
  writeFileSync(file, bytes)
  const reopened = await openStore(context, file)
  await assert.rejects(reopened.getExecution('default', 'w-1', null), StoreCorruptError)
})

test('a database of another program that has tables of our names is refused', async context => {
  const cases: readonly [string, RegExp][] = [
    ['create table history (url text)', /did not make.*history/],
    ['create table schema_versions (version integer primary key)', /did not make.*schema_versions/],
    [`create table schema_versions (version text, name text, applied_at text)`, /did not make.*schema_versions/],
  ]
  for (const [table, message] of cases) {
    const file = join(temporaryFolder(context), 'browser.db')
    const database = new DatabaseSync(file)
    database.exec(table)
    database.close()
    const before = readFileSync(file)
    await assert.rejects(opening(file), (error: Error) => error instanceof StoreCorruptError && message.test(error.message))
    assert.deepEqual(readFileSync(file), before)
    assert.deepEqual(readdirSync(join(file, '..')), ['browser.db'])
  }
})

const unchanged = (file: string) => createSqliteStore({ file, migrate: false }).open()

test('without migrating, a database of an application is refused and left as it is, whatever its journal mode', async context => {
  for (const mode of ['delete', 'wal']) {
    const file = join(temporaryFolder(context), 'application.db')
    const database = new DatabaseSync(file)
    database.exec(`pragma journal_mode = ${mode}; create table orders (id integer primary key); insert into orders values (7)`)
    database.close()
    const before = readFileSync(file)
    await assert.rejects(unchanged(file), (error: Error) => error instanceof SchemaMissingError && error.message.includes(file))
    assert.deepEqual(readFileSync(file), before)
    assert.deepEqual(readdirSync(join(file, '..')), ['application.db'])
  }
})

test('without migrating, a file that is not there is refused and not made, and an empty one stays empty', async context => {
  const folder = temporaryFolder(context)
  await assert.rejects(unchanged(join(folder, 'x.db')), (error: Error) =>
    error instanceof SchemaMissingError && /no database/.test(error.message))
  assert.deepEqual(readdirSync(folder), [])
  writeFileSync(join(folder, 'empty.db'), '')
  await assert.rejects(unchanged(join(folder, 'empty.db')), SchemaMissingError)
  assert.equal(readFileSync(join(folder, 'empty.db')).length, 0)
})

test('without migrating, an older schema is refused and left as it is, and one of this version is opened', async context => {
  const file = join(temporaryFolder(context), 'older.db')
  const store = createSqliteStore({ file })
  await store.open()
  await store.commit({ incarnation: null, starts: [startOf('w-1')], transitions: [] })
  await store.close()
  const reader = createSqliteStore({ file, migrate: false })
  await reader.open()
  assert.equal((await reader.getExecution('default', 'w-1', null))?.status, 'RUNNING')
  await reader.close()
  const database = new DatabaseSync(file)
  database.exec('update schema_versions set version = 0')
  await assert.rejects(unchanged(file), (error: Error) => error instanceof SchemaTooOldError && /version 0/.test(error.message))
  assert.equal(database.prepare('select version from schema_versions').get()?.['version'], 0)
  database.close()
})

test('tables of an application may lie in the same file', async context => {
  const file = join(temporaryFolder(context), 'application.db')
  const database = new DatabaseSync(file)
  database.exec('create table orders (id integer primary key); insert into orders values (7); pragma user_version = 41')
  database.close()
  await openStore(context, file)
  const shared = new DatabaseSync(file)
  assert.equal(shared.prepare('select id from orders').get()?.['id'], 7)
  shared.close()
})

test('a missing folder is named with the remedy, and not created', async context => {
  const folder = join(temporaryFolder(context), 'not-there')
  await assert.rejects(opening(join(folder, 'x.db')), (error: Error) =>
    error instanceof StoreUnavailableError && error.message.includes(folder) && error.message.includes('mkdir'))
  assert.equal(existsSync(folder), false)
})

test('a folder in place of a file, and a file in place of a folder, are named', async context => {
  const folder = temporaryFolder(context)
  await assert.rejects(opening(folder), (error: Error) => error instanceof StoreUnavailableError && /is a folder/.test(error.message))
  const file = join(folder, 'file')
  writeFileSync(file, '')
  await assert.rejects(opening(join(file, 'x.db')), (error: Error) =>
    error instanceof StoreUnavailableError && error.message.includes(`${file} is a file`))
})

test('a folder that cannot be written is named', async context => {
  const folder = join(temporaryFolder(context), 'read-only')
  mkdirSync(folder)
  chmodSync(join(folder, '..'), 0o755)
  chmodSync(folder, 0o555)
  const { told } = await toldBy({ do: 'openAsNobody', file: join(folder, 'x.db') })
  const [failure] = told
  assert.ok(failure?.type === 'failed', JSON.stringify(told))
  assert.equal(failure.code, 'STORE_READ_ONLY')
  assert.ok(failure.message.includes(folder), failure.message)
})

test('a file that cannot be written is named', async context => {
  const folder = temporaryFolder(context)
  const file = join(folder, 'read-only.db')
  const store = createSqliteStore({ file })
  await store.open()
  await store.close()
  chmodSync(folder, 0o777)
  chmodSync(file, 0o444)
  const { told } = await toldBy({ do: 'openAsNobody', file })
  const [failure] = told
  assert.ok(failure?.type === 'failed', JSON.stringify(told))
  assert.equal(failure.code, 'STORE_READ_ONLY')
  assert.ok(failure.message.includes(file), failure.message)
})
