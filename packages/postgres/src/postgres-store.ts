/**
 * The store port on PostgreSQL >= 14. This file wires: what each method does lies in its statement's file.
 *
 * Connections: one for commits, a few for all else, one in the lease thread. Each statement is a transaction, so that no
 * connection is ever held between two round trips: neither ours, nor a pooler's to the server.
 */
import { createHash } from 'node:crypto'
import { lockTimeoutMs, mainStalledMs, StoreUnavailableError } from '@perdure/engine'
import type { Store } from '@perdure/engine'
import { Committer } from './committer.ts'
import { Connections, type ConnectionSettings } from './connections.ts'
import { keepLease } from './lease-keeper.ts'
import { readerConnectionsMax, readerLockTimeoutMs } from './limits.ts'
import { locationOf } from './location.ts'
import { migrate, requireSchema } from './migrate.ts'
import { requireDirect } from './direct.ts'
import type { PoolerGiven } from './pooler-kind.ts'
import { pooledName, readConnectionString, Route } from './pooler.ts'
import { isSchemaName } from './statement.ts'
import { answerQuery } from './statements/answer-query.ts'
import { askQuery } from './statements/ask-query.ts'
import { retireWorker, takeOver } from './statements/bury-worker.ts'
import { cancelledTasks } from './statements/cancelled-tasks.ts'
import { claim } from './statements/claim.ts'
import { claimQueries } from './statements/claim-queries.ts'
import { claimTasks } from './statements/claim-tasks.ts'
import { createNamespace } from './statements/create-namespace.ts'
import { describeQueue } from './statements/describe-queue.ts'
import { endTasks } from './statements/end-tasks.ts'
import { expiredTasks } from './statements/expired-tasks.ts'
import { getExecution } from './statements/get-execution.ts'
import { getNamespace } from './statements/get-namespace.ts'
import { heartbeatTasks } from './statements/heartbeat-tasks.ts'
import { countExecutions, listExecutions } from './statements/list-executions.ts'
import { listNamespaces } from './statements/list-namespaces.ts'
import { listQueues } from './statements/list-queues.ts'
import { listWorkers } from './statements/list-workers.ts'
import { overdueExecutions } from './statements/overdue-executions.ts'
import { ping } from './statements/ping.ts'
import { post } from './statements/post.ts'
import { readClosed } from './statements/read-closed.ts'
import { readHistory } from './statements/read-history.ts'
import { readInbox } from './statements/read-inbox.ts'
import { readMessages } from './statements/read-messages.ts'
import { readTasks } from './statements/read-tasks.ts'
import { readUpdates } from './statements/read-updates.ts'
import { registerWorker } from './statements/register-worker.ts'
import { requestUpdates } from './statements/request-updates.ts'
import { setQueueLimits } from './statements/set-queue-limits.ts'
import { takeReply } from './statements/take-reply.ts'
import { terminate } from './statements/terminate.ts'
import { tick } from './statements/tick.ts'

export interface PostgresStoreOptions {
  /** postgres://user:password@host:port/database */
  readonly connectionString: string
  /** Schema of the tables; made if it is missing. Several installations may share a database, each in its own. */
  readonly schema?: string
  /**
   * Whether there is a pooler in transaction mode in between. Default: what the connection string says (`?pooler=transaction`,
   * `?pooler=none`); where it says nothing, that is found out at opening.
   */
  readonly pooler?: PoolerGiven
  /** False: only a database that has the schema is opened; any other is refused (SCHEMA_MISSING, SCHEMA_TOO_OLD) and left as it is. */
  readonly migrate?: boolean
}

export const defaultSchema = 'perdure'

/** @example const store = createPostgresStore({ connectionString: 'postgres://localhost/orders' }) */
export function createPostgresStore(options: PostgresStoreOptions): Store {
  const schema = checkedSchema(options.schema ?? defaultSchema)
  const { connectionString, pooler, direct } = readConnectionString(options.connectionString)
  const location = locationOf(connectionString)
  const route = new Route(options.pooler ?? pooler)
  const connect = (purpose: string, settings: Pick<ConnectionSettings, 'max' | 'lockTimeoutMs'>) =>
    new Connections({ connectionString, schema, location, route, applicationName: `perdure ${purpose}`, ...settings })
  const writer = connect('commit', { max: 1, lockTimeoutMs })
  const reader = connect('work', { max: readerConnectionsMax, lockTimeoutMs: readerLockTimeoutMs })
  const committer = new Committer(writer)
  const lockClass = lockClassOf(schema)
  const lease = { connectionString, schema, location, lockClass, mainStalledMs, applicationName: 'perdure lease' }
  const pooledLease = { ...lease, lockClass: null, applicationName: pooledName }
  const directLease = direct === undefined ? undefined : { ...lease, connectionString: direct, location: locationOf(direct) }
  const hasProcessLock = () => route.pooler === undefined || direct !== undefined
  return {
    kind: 'postgres',
    location,
    get pooler() {
      return route.pooler
    },
    direct: direct !== undefined,
    commitsAside: true,
    open: async () => {
      await reader.use(client => (options.migrate === false ? requireSchema : migrate)(client, schema, location), false)
      await ping(writer)
      if (direct !== undefined) await requireDirect(direct, reader, location)
    },
    close: async () => {
      await Promise.all([writer.close(), reader.close()])
    },
    ping: () => ping(reader),
    registerWorker: registration => registerWorker(reader, registration, hasProcessLock()),
    keepLease: incarnation => keepLease(directLease ?? (route.pooler === undefined ? lease : pooledLease), incarnation),
    tick: serving => tick(reader, serving),
    takeOver: (suspect, leaseMs) => takeOver(reader, suspect, leaseMs, lockClass),
    retireWorker: incarnation => retireWorker(reader, incarnation, lockClass),
    listWorkers: namespace => listWorkers(reader, namespace),
    commit: batch => committer.commit(batch),
    claim: request => claim(reader, request),
    post: posts => post(reader, posts),
    readInbox: (incarnation, known, limit) => readInbox(reader, incarnation, known, limit),
    readMessages: (runId, limit) => readMessages(reader, runId, limit),
    terminate: request => terminate(reader, request),
    overdueExecutions: (namespace, now, limit, after) => overdueExecutions(reader, namespace, now, limit, after),
    requestUpdates: requests => requestUpdates(reader, requests),
    readUpdates: keys => readUpdates(reader, keys),
    claimTasks: (serving, now, limit) => claimTasks(reader, serving, now, limit),
    expiredTasks: (namespace, now, limit) => expiredTasks(reader, namespace, now, limit),
    endTasks: ends => endTasks(reader, ends),
    heartbeatTasks: beats => heartbeatTasks(reader, beats),
    cancelledTasks: incarnation => cancelledTasks(reader, incarnation),
    setQueueLimits: (namespace, taskQueue, limits) => setQueueLimits(reader, namespace, taskQueue, limits),
    describeQueue: (namespace, taskQueue) => describeQueue(reader, namespace, taskQueue),
    listQueues: namespace => listQueues(reader, namespace),
    createNamespace: namespace => createNamespace(reader, namespace),
    getNamespace: name => getNamespace(reader, name),
    listNamespaces: () => listNamespaces(reader),
    readHistory: (runId, afterSeq, limit) => readHistory(reader, runId, afterSeq, limit),
    readTasks: runId => readTasks(reader, runId),
    getExecution: (namespace, workflowId, runId) => getExecution(reader, namespace, workflowId, runId),
    readClosed: runIds => readClosed(reader, runIds),
    listExecutions: request => listExecutions(reader, request),
    countExecutions: filter => countExecutions(reader, filter),
    askQuery: query => askQuery(reader, query),
    claimQueries: (serving, now, limit) => claimQueries(reader, serving, now, limit),
    answerQuery: (id, reply) => answerQuery(reader, id, reply),
    takeReply: id => takeReply(reader, id),
  }
}

function checkedSchema(name: string): string {
  if (isSchemaName(name)) return name
  throw new StoreUnavailableError(`The schema '${name.slice(0, 100)}' cannot be used: name one of 1 to 63 bytes without ' and $$`)
}

/** First half of the advisory lock that a living worker holds; the second is its incarnation. Each schema has its own. */
function lockClassOf(schema: string): number {
  return createHash('sha256').update(`perdure lease ${schema}`).digest().readInt32BE(0)
}
