/** Database files that cannot be used, told when the engine is opened; what lies in them stays as it was. */
import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test, type TestContext } from 'node:test'
import { Engine } from 'perdure'
import { refused, silent } from './refusals.ts'
import * as workflows from './workflows.ts'

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'perdure-bad-input-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const opening = (database: string) => () => Engine.open({ database, logger: silent })

/** A database with one execution that waits for its worker. */
async function databaseWithWork(t: TestContext): Promise<string> {
  const database = join(temporaryFolder(t), 'orders.db')
  const engine = await Engine.open({ database, worker: false, logger: silent })
  await engine.workflows.start(workflows.chargeOrder, { workflowId: 'order-1', args: [5] })
  await engine.stop()
  return database
}

async function workIsDone(database: string): Promise<void> {
  const engine = await Engine.open({ database, logger: silent, worker: { tickMs: 20 } })
  engine.workflows.register(workflows)
  engine.activities.register({ charge: async (amount: number) => `charged ${amount}` })
  await engine.start()
  assert.equal(await engine.workflows.getResult('order-1'), 'charged 5')
  await engine.stop()
}

test('a database made by newer code is refused, and its work goes on with that code', async (t) => {
  const database = await databaseWithWork(t)
  const raw = new DatabaseSync(database)
  raw.exec(`insert into schema_versions values (99, 'future', 0)`)
  await refused(opening(database), 'SCHEMA_TOO_NEW', /99/)
  raw.exec('delete from schema_versions where version = 99')
  raw.close()
  await workIsDone(database)
})

test('a corrupt database is refused by its name and left as it is', async (t) => {
  const database = await databaseWithWork(t)
  const whole = readFileSync(database)
  const damaged = Buffer.from(whole).fill(0x55, 100)
  writeFileSync(database, damaged)
  const error = await refused(opening(database), 'STORE_CORRUPT', /./)
  assert.ok(error.message.includes(database), error.message)
  assert.deepEqual(readFileSync(database), damaged)
  writeFileSync(database, whole)
  await workIsDone(database)
})

test('a file that is no database is refused and left as it is', async (t) => {
  const file = join(temporaryFolder(t), 'notes.txt')
  writeFileSync(file, 'notes\n'.repeat(1_000))
  await refused(opening(file), 'STORE_CORRUPT', /notes\.txt/)
  assert.equal(readFileSync(file, 'utf8'), 'notes\n'.repeat(1_000))
})

test('a folder in place of a file is refused', async (t) => {
  await refused(opening(temporaryFolder(t)), 'STORE_UNAVAILABLE', /is a folder/)
})

test('a folder that is not there is named, with the remedy', async (t) => {
  await refused(opening(join(temporaryFolder(t), 'missing', 'orders.db')), 'STORE_UNAVAILABLE', /missing.*mkdir/)
})

test('a folder that cannot be written is refused, and its work goes on once it can be', async (t) => {
  const database = await databaseWithWork(t)
  const folder = join(database, '..')
  const empty = join(folder, 'read-only')
  mkdirSync(empty)
  chmodSync(folder, 0o755)
  chmodSync(empty, 0o555)
  chmodSync(database, 0o444)
  for (const file of [join(empty, 'orders.db'), database]) {
    const { code, message } = await openedByNobody(file)
    assert.equal(code, 'STORE_READ_ONLY', message)
    assert.match(message, /read-only|orders\.db/)
  }
  chmodSync(database, 0o644)
  await workIsDone(database)
})

/** Root may write everything, so another process gives root up first. */
async function openedByNobody(file: string): Promise<{ readonly code: string; readonly message: string }> {
  const child = fork(join(import.meta.dirname, 'opening-process.ts'), [file], { stdio: 'inherit', execArgv: [] })
  const [told] = await once(child, 'message') as [{ readonly code: string; readonly message: string }]
  await once(child, 'exit')
  return told
}
