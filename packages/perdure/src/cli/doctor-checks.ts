/** What `perdure doctor` looks at, each with what it found and what to do about it. */
import { statfsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { createSystemClock, createTaskQueueClient, createWorkerClient, type Store, type TaskQueueDescription } from '@perdure/engine'
import { PerdureError } from '@perdure/workflow'
import { closedStore, databaseOf } from './connection.ts'
import { wordsOf } from './error-words.ts'
import { nextCommand } from './next-command.ts'
import { type GlobalOptions, taskQueueOf } from './options.ts'
import { counted, shortDuration } from './text.ts'

export interface Check {
  readonly name: string
  /** Failed: nothing works before it is mended. A warning: something will not go on, or not well. */
  readonly status: 'ok' | 'warning' | 'failed'
  readonly message: string
  readonly remedy?: string
}

const megabyte = 2 ** 20
const diskLeast = 50 * megabyte
const diskEnough = 1_000 * megabyte
/** Less is the time that messages take. */
const clockDifferenceMs = 2_000
const queuesLookedAt = 100

export function nodeCheck(): Check {
  return ok('Node.js', `${process.version} on ${process.platform}-${process.arch}`)
}

export function configurationCheck({ configuration }: GlobalOptions): Check {
  const { file, settings, sourceOf } = configuration
  const variables = Object.keys(settings).map((key) => sourceOf(key)).filter((source) => source?.startsWith('$') === true)
  const from = [...(file === undefined ? [] : [file]), ...variables]
  return ok('Configuration', from.length === 0 ? 'none; the defaults' : from.join(', '))
}

export function diskCheck(file: string): Check {
  const folder = dirname(resolve(file))
  const { bavail, bsize } = statfsSync(folder)
  return judgedDisk(bavail * bsize, folder)
}

export function judgedDisk(free: number, folder: string): Check {
  const message = `${Math.floor(free / megabyte).toLocaleString('en')} MB free in ${folder}`
  if (free >= diskEnough) return ok('Disk', message)
  const remedy = 'make room on the disk, or put the database elsewhere: a full disk stops every worker'
  return { name: 'Disk', status: free < diskLeast ? 'failed' : 'warning', message, remedy }
}

/** Everything that needs the database; ends early where that cannot be asked. */
export async function* databaseChecks(options: GlobalOptions): AsyncGenerator<Check> {
  const store = await closedStore(options, false)
  try {
    const refusal = await store.open().then(() => undefined, (error: unknown) => error)
    if (refusal === undefined) yield* openChecks(store, options)
    else yield* refusedChecks(refusal, store, options)
  } finally {
    await store.close()
  }
}

function refusedChecks(error: unknown, store: Store, options: GlobalOptions): readonly Check[] {
  if (!(error instanceof PerdureError)) throw error
  const { code } = error
  if (!code.startsWith('SCHEMA_')) return [{ name: 'Database', status: 'failed', message: `${code}: ${wordsOf(error, options)}` }]
  const reached = ok('Database', `${store.kind}, ${store.location}`)
  const remedy = `${nextCommand(options, 'migrate')} does it now, a worker when it starts`
  if (code === 'SCHEMA_MISSING') return [reached, { name: 'Schema', status: 'warning', message: 'no tables of Perdure yet', remedy }]
  if (code === 'SCHEMA_TOO_OLD') return [reached, { name: 'Schema', status: 'warning', message: 'of an older version', remedy }]
  return [reached, { name: 'Schema', status: 'failed', message: wordsOf(error, options) }]
}

async function* openChecks(store: Store, options: GlobalOptions): AsyncGenerator<Check> {
  const before = Date.now()
  const theirs = await store.ping()
  const after = Date.now()
  yield ok('Database', `${store.kind}, ${store.location}, answers in ${shortDuration(after - before)}`)
  yield ok('Schema', 'up to date')
  if (store.kind === 'postgres') yield* serverChecks(store, theirs - (before + after) / 2)
  const { namespace } = options
  const known = await store.listNamespaces()
  if (!known.some(({ name }) => name === namespace)) {
    const create = nextCommand(options, 'namespace create', namespace).replace(/ -n \S+$/, '')
    yield { name: 'Namespace', status: 'failed', message: `there is no '${namespace}'`, remedy: create }
    return
  }
  yield ok('Namespace', `${namespace}${known.length > 1 ? `, one of ${known.length}` : ''}`)
  yield* workChecks(store, options)
}

function serverChecks({ pooler, direct }: Store, aheadMs: number): readonly Check[] {
  const clock = judgedClock(aheadMs)
  if (pooler === undefined) return [clock, ok('Pooler', 'none in transaction mode: processes hint each other')]
  if (direct === true) return [clock, ok('Pooler', 'one in transaction mode, and a direct connection for hints and process locks')]
  return [clock, {
    name: 'Pooler', status: 'warning',
    message: 'one in transaction mode lies between: no hints, so work of other processes is found by polling',
    remedy: 'connect workers to the server itself, or name it by ?direct=host:port in the URL, where milliseconds matter',
  }]
}

/** @param aheadMs of the database's clock */
export function judgedClock(aheadMs: number): Check {
  const difference = shortDuration(Math.abs(aheadMs))
  if (Math.abs(aheadMs) < clockDifferenceMs) return ok('Clock', `${difference} apart from the database's`)
  return {
    name: 'Clock', status: 'warning',
    message: `${difference} ${aheadMs > 0 ? 'behind' : 'ahead of'} the database's, which is the one that counts`,
    remedy: 'let both machines take their time from a time server: logs and times of executions will not fit together',
  }
}

async function* workChecks(store: Store, options: GlobalOptions): AsyncGenerator<Check> {
  const { namespace } = options
  const workers = await createWorkerClient(store, createSystemClock(), namespace).list()
  const dead = workers.filter(({ alive }) => !alive)
  const left = dead.length === 0 ? '' : `; what ${dead.map(({ identity }) => identity).join(', ')} had when it died waits for another`
  yield dead.length < workers.length ? ok('Workers', `${workers.length - dead.length} alive`) : {
    name: 'Workers', status: 'warning', message: `none serves the namespace ${namespace}: nothing runs${left}`,
    remedy: nextCommand(options, 'worker start'),
  }
  const queues = createTaskQueueClient(store, namespace, taskQueueOf(options))
  const names = (await queues.list()).slice(0, queuesLookedAt)
  const described: TaskQueueDescription[] = []
  for (const name of names) described.push(await queues.describe(name))
  yield judgedQueues(described, options)
  const held = await store.countExecutions({ namespace, statuses: ['RUNNING'], held: true })
  yield held === 0 ? ok('Executions', 'none is held') : {
    name: 'Executions', status: 'warning', message: `${counted(held, 'execution')} held: open, and cannot go on`,
    remedy: `${nextCommand(options, 'workflow list --status HELD')}, then workflow describe: it says why`,
  }
}

function judgedQueues(queues: readonly TaskQueueDescription[], options: GlobalOptions): Check {
  const problems = queues.flatMap((queue) => queue.problems)
  if (problems.length === 0) {
    const rest = queues.every(({ workers }) => workers.length > 0) ? 'each with whom it needs' : 'nothing waits in one that nobody serves'
    return ok('Task queues', queues.length === 0 ? 'none yet' : `${queues.length}, ${rest}`)
  }
  const remedy = `start a worker that has what waits; more: ${nextCommand(options, 'task-queue list')}`
  return { name: 'Task queues', status: 'warning', message: problems.join('\n'), remedy }
}

export function missingDatabase(options: GlobalOptions): Check {
  const { name, from } = databaseOf(options)
  const remedy = `${nextCommand(options, 'dev')} makes it, as does the first start; or name another with --database`
  return { name: 'Database', status: 'warning', message: `there is no ${resolve(name)} yet (${from})`, remedy }
}

function ok(name: string, message: string): Check {
  return { name, status: 'ok', message }
}
