/**
 * Records a database of this version: `node tests/histories/record.ts [version]`, with the executions of the folder of that
 * name. See README.md.
 */
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { createPostgresStore } from '@perdure/postgres'
import { createSqliteStore } from '@perdure/sqlite'
import { Client } from 'pg'
import { Engine, type EngineOptions } from 'perdure'
import { findBinaries, startPostgresCluster } from '../support/postgres-cluster.ts'
import type * as Executions from './0.1/executions.ts'
import type * as Activities from './0.1/activities.ts'
import { executionsIn, migrationsOf, silent, type RecordedExecution } from './recording.ts'

// Nothing of the machine is to be in the files: no paths of stacks, no name of the host.
Error.stackTraceLimit = 0

const version = process.argv[2] ?? '0.1'
const folder = join(import.meta.dirname, version)
const executions = await import(join(folder, 'executions.ts')) as typeof Executions
const { activitiesIn } = await import(join(folder, 'activities.ts')) as typeof Activities
const workflows = await import(join(folder, 'workflows.ts')) as Record<string, unknown>

const temporary = mkdtempSync(join(tmpdir(), 'perdure-record-'))
try {
  await recordSqlite()
  await recordPostgres()
  console.log(`Recorded in ${folder}. Look at it, and commit it.`)
} finally {
  rmSync(temporary, { recursive: true, force: true })
}
process.exit() // workers of the recording are left in the middle of their work

async function recordSqlite(): Promise<void> {
  const [database, copy, target] = [join(temporary, 'live.db'), join(temporary, 'copy.db'), join(folder, 'sqlite.db')]
  await live(database)
  rmSync(target, { force: true })
  const reader = new DatabaseSync(database, { readOnly: true })
  reader.exec(`vacuum into '${target}'`)
  reader.close()
  copyFileSync(target, copy)
  write('sqlite', await executionsIn(() => createSqliteStore({ file: copy })))
}

async function recordPostgres(): Promise<void> {
  const cluster = await startPostgresCluster()
  try {
    const [database, copy] = [await cluster.createDatabase('live'), await cluster.createDatabase('copy')]
    await live(database)
    const options = ['--schema=perdure', '--inserts', '--rows-per-insert=100', '--no-owner', '--no-privileges', '--no-comments', database]
    const dump = spawnSync(join(findBinaries(), 'pg_dump'), options, { encoding: 'utf8', maxBuffer: 2 ** 26 })
    if (dump.status !== 0) throw new Error(`pg_dump: ${dump.stderr}`)
    const text = portable(dump.stdout)
    writeFileSync(join(folder, 'postgres.generated.sql'), text)
    const client = new Client({ connectionString: copy })
    await client.connect()
    await client.query(text)
    await client.end()
    write('postgres', await executionsIn(() => createPostgresStore({ connectionString: copy })))
  } finally {
    await cluster.stop()
  }
}

/** For servers older than the one that was dumped, and for a client that is not psql. */
function portable(dump: string): string {
  const settings = /^(SET (?!default_|check_function_bodies)|SELECT pg_catalog\.set_config|\\|--)/
  return `${dump.split('\n').filter((line) => !settings.test(line)).join('\n').replaceAll(/\n{3,}/g, '\n\n').trim()}\n`
}

function write(home: 'sqlite' | 'postgres', found: readonly RecordedExecution[]): void {
  writeFileSync(join(folder, `${home}.json`), `${JSON.stringify({ migrations: migrationsOf(home), executions: found }, null, 1)}\n`)
}

/** Leaves a database as that of a worker that has just died. */
async function live(database: string): Promise<void> {
  const options: EngineOptions = { database, identity: 'recorder', logger: silent, hints: false }
  const before = await open(options, withoutUnknown())
  await before.namespaces.create(executions.tenant)
  const tenant = await open({ ...options, namespace: executions.tenant }, withoutUnknown())
  await executions.first(before, tenant)
  await until(async () => (await tenant.workflows.list()).executions.length === 2)
  await tenant.stop()
  await before.stop()
  const producer = await Engine.open({ ...options, worker: false })
  await executions.producer(producer)
  const successor = await open(options, { ...withoutUnknown(), ...executions.changedLater })
  await executions.second(successor)
  await until(() => executions.isReady(producer))
  await producer.stop()
}

async function open(options: EngineOptions, known: Record<string, unknown>): Promise<Engine> {
  const engine = await Engine.open({ ...options, worker: { tickMs: 50, shutdownGraceTime: 1 } })
  for (const [name, fn] of Object.entries(known)) {
    if (typeof fn === 'function') engine.workflows.register(name, fn as () => Promise<unknown>)
  }
  engine.activities.register({ ...activitiesIn('recorded') })
  await engine.start()
  return engine
}

function withoutUnknown(): Record<string, unknown> {
  return Object.fromEntries(Object.entries(workflows).filter(([name]) => !executions.unknownBefore.includes(name)))
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 15_000
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('The executions do not come to stand where they are to be recorded; is the machine busy?')
    await pause(20)
  }
}
