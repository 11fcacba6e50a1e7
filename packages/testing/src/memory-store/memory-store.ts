/**
 * The store port in memory: the model that the databases are compared with, and the store of simulations. Small and
 * obvious rather than fast; every method runs in one turn, so it is atomic.
 */
import type { Incarnation, LeaseKeeper, Store } from '@perdure/engine'
import { cancelledTasks, claimTasks, endTask, expiredTasks, heartbeatTask } from './activity-tasks.ts'
import { claim } from './claims.ts'
import { commit, overdueExecutions, terminate } from './executions.ts'
import { post, readInbox, readMessages } from './inbox.ts'
import { countExecutions, listExecutions, readClosed, readHistory } from './listing.ts'
import { executionRecord, findRun, MemoryData } from './memory-data.ts'
import { createNamespace, listNamespaces } from './namespaces.ts'
import { answerQuery, askQuery, claimQueries, takeReply } from './queries.ts'
import { setQueueLimits } from './queue-limits.ts'
import { describeQueue, listQueues } from './queues.ts'
import { readUpdate, requestUpdate } from './updates.ts'
import { listWorkers, registerWorker, retireWorker, takeOver, tick } from './workers.ts'

export interface MemoryStoreOptions {
  /** The store's clock; the system's if not given. */
  readonly now?: () => number
}

/** A store whose data lives as long as the object. Several engines may share it, as several processes share a database. */
export function createMemoryStore(options: MemoryStoreOptions = {}): Store {
  return storeOf(new MemoryData(options.now ?? (() => Date.now())))
}

/** A store on rows that a simulation looks at. */
export function storeOf(data: MemoryData): Store {
  const run = async <T>(work: () => T): Promise<T> => data.atomic(work)
  return {
    kind: 'memory',
    location: 'memory',
    open: async () => {},
    close: async () => {},
    ping: async () => data.now(),
    registerWorker: registration => run(() => registerWorker(data, registration)),
    keepLease: async incarnation => holdLock(data, incarnation),
    tick: serving => run(() => tick(data, serving)),
    takeOver: (suspect, leaseMs) => run(() => takeOver(data, suspect, leaseMs)),
    retireWorker: incarnation => run(() => retireWorker(data, incarnation)),
    listWorkers: namespace => run(() => listWorkers(data, namespace)),
    commit: batch => run(() => commit(data, batch)),
    claim: request => run(() => claim(data, request)),
    post: posts => run(() => posts.map(to => post(data, to))),
    readInbox: (incarnation, known, limit) => run(() => readInbox(data, incarnation, known, limit)),
    readMessages: (runId, limit) => run(() => readMessages(data, runId, limit)),
    terminate: request => run(() => terminate(data, request)),
    overdueExecutions: (namespace, now, limit, after) => run(() => overdueExecutions(data, namespace, now, limit, after)),
    requestUpdates: requests => run(() => requests.map(request => requestUpdate(data, request))),
    readUpdates: keys => run(() => keys.flatMap(key => readUpdate(data, key) ?? [])),
    claimTasks: (serving, now, limit) => run(() => claimTasks(data, serving, now, limit)),
    expiredTasks: (namespace, now, limit) => run(() => expiredTasks(data, namespace, now, limit)),
    endTasks: ends => run(() => ends.map(end => endTask(data, end))),
    heartbeatTasks: beats => run(() => beats.map(beat => heartbeatTask(data, beat))),
    cancelledTasks: incarnation => run(() => cancelledTasks(data, incarnation)),
    setQueueLimits: (namespace, taskQueue, limits) => run(() => setQueueLimits(data, namespace, taskQueue, limits)),
    describeQueue: (namespace, taskQueue) => run(() => describeQueue(data, namespace, taskQueue)),
    listQueues: namespace => run(() => listQueues(data, namespace)),
    createNamespace: namespace => run(() => createNamespace(data, namespace)),
    getNamespace: name => run(() => {
      const found = data.namespaces.get(name)
      return found === undefined ? undefined : { ...found }
    }),
    listNamespaces: () => run(() => listNamespaces(data)),
    readHistory: (runId, afterSeq, limit) => run(() => readHistory(data, runId, afterSeq, limit)),
    readTasks: runId => run(() => data.tasksOf(runId).map(task => ({ ...task })).sort((a, b) => a.command - b.command)),
    getExecution: (namespace, workflowId, runId) => run(() => {
      const row = findRun(data, { namespace, workflowId, runId })
      return row === undefined ? undefined : executionRecord(row)
    }),
    readClosed: runIds => run(() => readClosed(data, runIds)),
    listExecutions: request => run(() => listExecutions(data, request)),
    countExecutions: filter => run(() => countExecutions(data, filter)),
    askQuery: query => run(() => askQuery(data, query)),
    claimQueries: (serving, now, limit) => run(() => claimQueries(data, serving, now, limit)),
    answerQuery: (id, reply) => run(() => answerQuery(data, id, reply)),
    takeReply: id => run(() => takeReply(data, id)),
  }
}

/** Stands for the lock that dies with a process; a simulated crash calls stop. */
function holdLock(data: MemoryData, incarnation: Incarnation): LeaseKeeper {
  data.locks.add(incarnation)
  return {
    mainMoved() {},
    mainRenewed() {},
    async stop() {
      data.locks.delete(incarnation)
    },
  }
}
