/**
 * Records a database of this version: `node tests/histories/record.ts [version]`, with the executions of the folder of that
 * name. See README.md.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Store } from '@perdure/engine'
import { createPostgresStore } from '@perdure/postgres'
import { createSqliteStore } from '@perdure/sqlite'
import { Client } from 'pg'
import { Engine, type EngineOptions, type WorkerOptions } from 'perdure'
import { findBinaries, startPostgresCluster } from '../support/postgres-cluster.ts'
import type * as Activities from './0.1/activities.ts'
import type * as Executions from './0.1/executions.ts'
import type * as Phases from './0.1/phases.ts'
import { type Interference, ofPostgres, ofSqlite } from './interference.ts'
import { executionsIn, migrationsOf, type RecordedExecution, silent } from './recording.ts'

// Nothing of the machine is to be in the files: no paths of stacks, no name of the host.
Error.stackTraceLimit = 0

const version = process.argv[2] ?? '0.1'
const folder = join(import.meta.dirname, version)
const executions = await import(join(folder, 'executions.ts')) as typeof Executions
const phases = await import(join(folder, 'phases.ts')) as typeof Phases
const { activitiesIn } = await import(join(folder, 'activities.ts')) as typeof Activities
const workflows = await import(join(folder, 'workflows.ts')) as Record<string, unknown>

const temporary = mkdtempSync(join(tmpdir(), 'perdure-record-'))
setTimeout(() => {
  rmSync(temporary, { recursive: true, force: true })
  throw new Error('An execution that was to end does not: look where each of them stands')
}, 3 * 60_000).unref()
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
  const recordedAt = await live(database, createSqliteStore({ file: database }), ofSqlite(database))
  rmSync(target, { force: true })
  const reader = new DatabaseSync(database, { readOnly: true })
  reader.exec(`vacuum into '${target}'`)
  reader.close()
  copyFileSync(target, copy)
  write('sqlite', recordedAt, await executionsIn(() => createSqliteStore({ file: copy }), executions))
}

async function recordPostgres(): Promise<void> {
  const cluster = await startPostgresCluster()
  try {
    const [database, copy] = [await cluster.createDatabase('live'), await cluster.createDatabase('copy')]
    const recordedAt = await live(database, createPostgresStore({ connectionString: database }), ofPostgres(database))
    const options = ['--schema=perdure', '--inserts', '--rows-per-insert=100', '--no-owner', '--no-privileges', '--no-comments', database]
    const dump = spawnSync(join(findBinaries(), 'pg_dump'), options, { encoding: 'utf8', maxBuffer: 2 ** 26 })
    if (dump.status !== 0) throw new Error(`pg_dump: ${dump.stderr}`)
    const text = portable(dump.stdout)
    writeFileSync(join(folder, 'postgres.generated.sql'), text)
    const client = new Client({ connectionString: copy })
    await client.connect()
    await client.query(text)
    await client.end()
    write('postgres', recordedAt, await executionsIn(() => createPostgresStore({ connectionString: copy }), executions))
  } finally {
    await cluster.stop()
  }
}

/** For servers older than the one that was dumped, and for a client that is not psql. */
function portable(dump: string): string {
  const settings = /^(SET (?!default_|check_function_bodies)|SELECT pg_catalog\.set_config|\\|--)/
  return `${dump.split('\n').filter((line) => !settings.test(line)).join('\n').replaceAll(/\n{3,}/g, '\n\n').trim()}\n`
}

function write(home: 'sqlite' | 'postgres', recordedAt: number, found: readonly RecordedExecution[]): void {
  const lines = found.map((each) => JSON.stringify(each)).join(',\n')
  const migrations = JSON.stringify(migrationsOf(home), null, 1)
  const text = `{"migrations": ${migrations},\n"recordedAt": ${recordedAt},\n"executions": [\n${lines}\n]}\n`
  writeFileSync(join(folder, `${home}.json`), text)
}

/** Leaves a database as that of a worker that has just died. */
async function live(database: string, store: Store, interference: Interference): Promise<number> {
  await store.open()
  const described = { description: 'of the recording', retention: '30 days' } as const
  const founder = await open(database, 'default')
  for (const namespace of executions.namespaces) if (namespace !== 'default') await founder.namespaces.create(namespace, described)
  await founder.stop()
  const known = Object.fromEntries(Object.entries(workflows).filter(([name]) => !executions.unknownBefore.includes(name)))

  const accept = await interference.refuse(executions.refusedText)
  const before = await openAll(database, ['default', 'away'], { ...known, ...executions.mistaken })
  await phases.first(before)
  await stopAll(before)
  await accept()

  const producers = await openAll(database)
  await phases.between(producers)
  await phases.dying(producers)
  await die(database, store)

  const unlock = await interference.share('leaving-away-terminate')
  const taskQueues = ['default', 'later', 'limited']
  const successor = await open(database, 'default', { taskQueues }, { ...known, ...executions.changedLater })
  await phases.second({ default: successor })
  let missing: string | undefined
  await phases.until(async () => (missing = await phases.missing(producers, store)) === undefined)
    .catch((error: unknown) => { throw new Error(`${missing} is not where it is to be recorded; is the machine busy?`, { cause: error }) })
  await unlock()
  await stopAll(producers)
  return store.ping()
}

/** Workers whose process dies: five while they run the same execution, one when the database has what was asked for, one in an activity. */
async function die(database: string, store: Store): Promise<void> {
  const worker = (...given: readonly string[]) => spawn(
    process.execPath, [join(import.meta.dirname, 'dying-worker.ts'), version, database, ...given], { stdio: ['ignore', 'inherit', 'pipe'] },
  )
  const ended = async (child: ReturnType<typeof worker>): Promise<void> => {
    const told = child.stderr.toArray()
    const [, signal] = await once(child, 'exit') as [number | null, string | null]
    if (signal === 'SIGKILL') return
    throw new Error(`A worker was to die, and ended otherwise: ${Buffer.concat(await told as Buffer[]).toString()}`)
  }
  for (let times = 0; times < 5; times++) await ended(worker('default', 'crashing', 'in its code'))
  await ended(worker('default', 'asking', 'when it has asked'))
  const child = worker(executions.tenant, 'default', 'when it is killed')
  const dead = ended(child)
  const lost = await store.getExecution(executions.tenant, 'lost', null)
  await phases.until(async () => lost !== undefined && (await store.readTasks(lost.runId)).some((task) => task.heartbeatDetails !== null))
  child.kill('SIGKILL')
  await dead
}

type Engines = Readonly<Record<string, Engine>>

async function openAll(database: string, taskQueues?: readonly string[], known?: Record<string, unknown>): Promise<Engines> {
  const worker = taskQueues === undefined ? undefined : { taskQueues }
  return Object.fromEntries(await Promise.all(executions.namespaces.map(async (namespace) => {
    return [namespace, await open(database, namespace, worker, known)] as const
  })))
}

async function stopAll(engines: Engines): Promise<void> {
  await Promise.all(Object.values(engines).map((engine) => engine.stop()))
}

/** Errors that are no failures hold an execution. */
async function open(database: string, namespace: string, worker?: WorkerOptions, known: Record<string, unknown> = {}): Promise<Engine> {
  const code = executions.codeOf(namespace)
  const options: EngineOptions = { database, namespace, identity: 'recorder', logger: silent, hints: false, ...code }
  if (worker === undefined) return Engine.open({ ...options, worker: false })
  const engine = await Engine.open({ ...options, worker: { tickMs: 50, shutdownGraceTime: 1, workflowFailureErrorTypes: {}, ...worker } })
  for (const [name, fn] of Object.entries(known)) {
    if (typeof fn === 'function') engine.workflows.register(name, fn as () => Promise<unknown>)
  }
  engine.activities.register({ ...activitiesIn('recorded') })
  await engine.start()
  return engine
}
