/**
 * The store port on node:sqlite: one file, several processes. Operations are synchronous inside and go through one
 * queue (operation-queue.ts), which makes them transactions.
 */
import { StoreUnavailableError } from '@perdure/engine'
import type { Incarnation, LeaseKeeper, Store, Suspect, WorkerRegistration } from '@perdure/engine'
import { claimTasks, endTask, heartbeatTask } from './activity-tasks.ts'
import { claim } from './claim.ts'
import { commit } from './commit.ts'
import type { Connection } from './connection.ts'
import { locationOf, memoryFile, openDatabase } from './database-file.ts'
import type { Database } from './database.ts'
import { post, readInbox, readMessages, terminate } from './inbox.ts'
import { KnownRuns } from './known-runs.ts'
import { startLeaseKeeper } from './lease-keeper.ts'
import { countExecutions, getExecution, listExecutions, readClosed, readHistory, readTasks } from './listing.ts'
import { createNamespace } from './namespaces.ts'
import { OperationQueue } from './operation-queue.ts'
import { incarnationsWithLocks, isProcessLockFree, processLockPath, removeProcessLock } from './process-lock.ts'
import { answerQuery, askQuery, claimQueries } from './queries.ts'
import { describeQueue, listQueues, setQueueLimits } from './queues.ts'
import { cancelledTasks } from './statements/cancelled-tasks.ts'
import { expiredTasks } from './statements/expired-tasks.ts'
import { findNamespace } from './statements/find-namespace.ts'
import { findWorker } from './statements/find-worker.ts'
import { listNamespaces } from './statements/list-namespaces.ts'
import { overdueExecutions } from './statements/overdue-executions.ts'
import { takeReply } from './statements/take-reply.ts'
import { readUpdates, requestUpdate } from './updates.ts'
import { listWorkers, registerWorker, retireWorker, takeOver, tick } from './workers.ts'

export interface SqliteStoreOptions {
  /** Path of the database file, created if it does not exist; ':memory:' for one that lives as long as the store. */
  readonly file: string
  /** The store's clock; the system's if not given. */
  readonly now?: () => number
  /** False: only a database that has the schema is opened; any other is refused (SCHEMA_MISSING, SCHEMA_TOO_OLD) and left as it is. */
  readonly migrate?: boolean
}

export interface SqliteStore extends Store {
  /** A number that changes whenever another connection, of this process or another, has committed. */
  dataVersion(): number
}

interface OpenDatabase extends Database {
  readonly queue: OperationQueue
  /** Incarnations with a lease keeper, for a database in memory: it has no file to lock. */
  readonly locks: Set<Incarnation>
}

/**
 * Durable workflows in one SQLite file.
 *
 * @example
 * const store = createSqliteStore({ file: 'orders.db' })
 * await store.open()
 */
export function createSqliteStore(options: SqliteStoreOptions): SqliteStore {
  const location = locationOf(options.file)
  const now = options.now ?? (() => Date.now())
  let opened: OpenDatabase | undefined
  const database = (): OpenDatabase => {
    if (opened === undefined) throw new StoreUnavailableError(`The database ${location} is not open`)
    return opened
  }
  const read = async <T>(work: (database: OpenDatabase) => T): Promise<T> => {
    const open = database()
    return open.queue.read(() => work(open))
  }
  const write = async <T>(work: (database: OpenDatabase) => T): Promise<T> => {
    const open = database()
    return open.queue.write(() => work(open))
  }
  return {
    kind: 'sqlite',
    location,
    dataVersion: () => database().connection.dataVersion(),
    async open() {
      opened ??= assemble(await openDatabase({ location, now, migrate: options.migrate ?? true }), location, now)
    },
    async close() {
      const closing = opened
      opened = undefined
      await closing?.queue.close()
      closing?.connection.close()
    },
    ping: () => read(() => now()),
    registerWorker: registration => registerWorkerOf(database(), location, registration),
    keepLease: async incarnation => leaseKeeper(database(), location, incarnation),
    tick: serving => write(db => tick(db, serving)),
    takeOver: (suspect, leaseMs) => takeOverFrom(database, location, suspect, leaseMs),
    retireWorker: incarnation => write(db => retireWorker(db, incarnation)),
    listWorkers: namespace => read(db => listWorkers(db, namespace)),
    commit: batch => write(db => commit(db, batch)),
    claim: request => write(db => claim(db, request)),
    post: posts => write(db => posts.map(to => post(db, to))),
    readInbox: (incarnation, known, limit) => read(db => readInbox(db, incarnation, known, limit)),
    readMessages: (runId, limit) => read(db => readMessages(db, runId, limit)),
    terminate: request => write(db => terminate(db, request)),
    overdueExecutions: (namespace, at, limit, after) => read(db => (
      db.connection.all(overdueExecutions, namespace, at, limit, after?.expiresAt ?? Number.MIN_SAFE_INTEGER, after?.runId ?? ''))),
    requestUpdates: requests => write(db => requests.map(request => requestUpdate(db, request))),
    readUpdates: keys => read(db => readUpdates(db, keys)),
    claimTasks: (serving, at, limit) => write(db => claimTasks(db, serving, at, limit)),
    expiredTasks: (namespace, at, limit) => read(db => db.connection.all(expiredTasks, namespace, at, limit)),
    endTasks: ends => write(db => ends.map(end => endTask(db, end))),
    heartbeatTasks: beats => write(db => beats.map(beat => heartbeatTask(db, beat))),
    cancelledTasks: incarnation => read(db => db.connection.all(cancelledTasks, incarnation)),
    setQueueLimits: (namespace, taskQueue, limits) => write(db => setQueueLimits(db, { namespace, taskQueue }, limits)),
    describeQueue: (namespace, taskQueue) => read(db => describeQueue(db, { namespace, taskQueue })),
    listQueues: namespace => read(db => listQueues(db, namespace)),
    createNamespace: namespace => write(db => createNamespace(db, namespace)),
    getNamespace: name => read(db => db.connection.get(findNamespace, name)),
    listNamespaces: () => read(db => db.connection.all(listNamespaces)),
    readHistory: (runId, afterSeq, limit) => read(db => readHistory(db, runId, afterSeq, limit)),
    readTasks: runId => read(db => readTasks(db, runId)),
    getExecution: (namespace, workflowId, runId) => read(db => getExecution(db, namespace, workflowId, runId)),
    readClosed: runIds => read(db => readClosed(db, runIds)),
    listExecutions: request => read(db => listExecutions(db, request)),
    countExecutions: filter => read(db => countExecutions(db, filter)),
    askQuery: query => write(db => askQuery(db, query)),
    claimQueries: (serving, at, limit) => write(db => claimQueries(db, serving, at, limit)),
    answerQuery: (id, reply) => write(db => answerQuery(db, id, reply)),
    takeReply: id => write(db => db.connection.get(takeReply, id)),
  }
}

function leaseKeeper({ locks }: OpenDatabase, location: string, incarnation: Incarnation): Promise<LeaseKeeper> | LeaseKeeper {
  return location === memoryFile ? holdInMemory(locks, incarnation) : startLeaseKeeper(location, incarnation)
}

async function registerWorkerOf(open: OpenDatabase, location: string, registration: WorkerRegistration) {
  const registered = await open.queue.write(() => registerWorker(open, registration))
  if (location !== memoryFile) await removeStrayLocks(open, location)
  return registered
}

/** Whoever dies between being buried and the end of its lock leaves a file that no takeover comes for. */
async function removeStrayLocks({ queue, connection }: OpenDatabase, location: string): Promise<void> {
  try {
    const buried = await queue.read(() => incarnationsWithLocks(location).filter(one => connection.get(findWorker, one) === undefined))
    for (const path of buried.map(one => processLockPath(location, one))) if (isProcessLockFree(path)) removeProcessLock(path)
  } catch {
    // The next worker tries again.
  }
}

function assemble(connection: Connection, location: string, now: () => number): OpenDatabase {
  const runs = new KnownRuns(connection)
  const queue = new OperationQueue({ connection, location, onRollback: () => runs.forgetAll() })
  return { connection, runs, now, queue, locks: new Set() }
}

function holdInMemory(locks: Set<Incarnation>, incarnation: Incarnation): LeaseKeeper {
  locks.add(incarnation)
  return {
    mainMoved() {},
    mainRenewed() {},
    async stop() {
      locks.delete(incarnation)
    },
  }
}

async function takeOverFrom(database: () => OpenDatabase, location: string, suspect: Suspect, leaseMs: number): Promise<boolean> {
  const open = database()
  const path = processLockPath(location, suspect.incarnation)
  const isFree = location === memoryFile ? !open.locks.has(suspect.incarnation) : isProcessLockFree(path)
  const isTaken = await open.queue.write(() => takeOver(open, suspect, leaseMs, isFree))
  if (isTaken && location !== memoryFile) removeProcessLock(path)
  return isTaken
}
