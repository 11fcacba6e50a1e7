import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test, type TestContext } from 'node:test'
import { openStore, temporaryFolder } from './temporary-folder.ts'

const schemaFile = join(import.meta.dirname, '..', 'schema.sql')
const heading = '-- The schema after all migrations. Written by: UPDATE_SCHEMA=1 node --test packages/sqlite/test/schema.test.ts\n\n'

async function migratedDatabase(test: TestContext): Promise<DatabaseSync> {
  const file = join(temporaryFolder(test), 'schema.db')
  await openStore(test, file)
  const database = new DatabaseSync(file)
  test.after(() => database.close())
  return database
}

test('schema.sql is what a migrated database holds', async context => {
  const database = await migratedDatabase(context)
  const rows = database.prepare(`select sql from sqlite_schema where sql is not null and name not like 'sqlite_%' order by rowid`).all()
  const schema = heading + rows.map(row => `${String(row['sql'])};\n`).join('\n')
  if (process.env['UPDATE_SCHEMA'] === '1') writeFileSync(schemaFile, schema)
  assert.equal(readFileSync(schemaFile, 'utf8'), schema)
})

const execution = {
  run_id: 'r', namespace: 'n', workflow_id: 'w', workflow_type: 't', task_queue: 'q', priority: 3, started_at: 1, input: '[]',
  first_run_id: 'r', status: 'RUNNING', owner: null, unread: 0, wake_at: null, closed_at: null, result: null, failure: null,
  held_code: null, held_count: null, held_build_id: null, held_reason: null, held_spent: null, takeovers: 0,
} as const

const illegal: readonly (readonly [string, Partial<Record<keyof typeof execution, string | number | null>>])[] = [
  ['an unknown status', { status: 'PAUSED' }],
  ['a closed execution with an owner', { status: 'COMPLETED', closed_at: 5, owner: 1 }],
  ['a closed execution that would wake', { status: 'COMPLETED', closed_at: 5, wake_at: 9 }],
  ['a closed execution with unread messages', { status: 'COMPLETED', closed_at: 5, unread: 1 }],
  ['a closed execution without the time of its close', { status: 'COMPLETED' }],
  ['an open execution with the time of its close', { closed_at: 5 }],
  ['an open execution with a result', { result: '1' }],
  ['an owned execution with a wake time', { owner: 1, wake_at: 5 }],
  [
    'an owned execution that is held',
    { owner: 1, held_code: 'task_failure', held_count: 1, held_build_id: 'b', held_reason: 'r', held_spent: 0 },
  ],
  ['an unknown reason to hold', { held_code: 'boredom', held_count: 1, held_build_id: 'b', held_reason: 'r', held_spent: 0 }],
  ['a hold without its reason', { held_code: 'task_failure', held_count: 1, held_build_id: 'b', held_spent: 0 }],
  ['fewer than no takeovers', { takeovers: -1 }],
  ['fewer than no messages', { unread: -1 }],
  ['a number where a text belongs', { started_at: 'yesterday' }],
]

function insert(database: DatabaseSync, row: Record<string, string | number | null>): void {
  const names = Object.keys(row)
  database.prepare(`insert into executions (${names.join()}) values (${names.map(() => '?').join()})`).run(...Object.values(row))
}

test('a legal execution is stored', async context => {
  const database = await migratedDatabase(context)
  insert(database, execution)
  assert.equal(database.prepare('select count(*) as found from executions').get()?.['found'], 1)
})

for (const [title, columns] of illegal) {
  test(`${title} cannot be stored`, async context => {
    const database = await migratedDatabase(context)
    assert.throws(() => insert(database, { ...execution, ...columns }), /constraint|cannot store/)
  })
}

test('two open executions of one workflow id cannot be stored, one open and one closed can', async context => {
  const database = await migratedDatabase(context)
  insert(database, { ...execution, run_id: 'closed', status: 'COMPLETED', closed_at: 5 })
  insert(database, execution)
  assert.throws(() => insert(database, { ...execution, run_id: 'other' }), /UNIQUE/)
})

test('messages and tasks of no execution cannot be stored', async context => {
  const database = await migratedDatabase(context)
  assert.throws(() => database.exec(`insert into inbox (execution_id, type, data) values (7, 't', '{}')`), /FOREIGN KEY/)
})
