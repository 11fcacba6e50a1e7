/**
 * What the process under test does. Together the scenarios issue every statement of the stores: a test asks for it. Each may
 * be cut off anywhere; another process then finishes what is open, and oracle.ts judges.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { DeterminismViolationError } from 'perdure/workflow'
import { hasCode, patiently, type Stage, type Tuning } from './stage.ts'
import * as workflows from './workflows.ts'

export interface Scenario {
  readonly name: string
  readonly tuning?: Tuning
  /** Begins with an empty database: opening it makes the tables. */
  readonly isFirst?: boolean
  /** Begins with the leftovers of a worker that died. */
  readonly hasDeadWorker?: boolean
  run(stage: Stage): Promise<void>
}

const steps: Scenario = {
  name: 'steps',
  async run({ worker, client, start, result }) {
    await Promise.all([start(worker, 'chain', 'own-1'), start(worker, 'chain', 'own-2'), start(client, 'chain', 'free-1')])
    await start(client, 'hanging', 'hanging')
    for (const workflowId of ['own-1', 'own-2', 'free-1', 'hanging']) await result(workflowId)
  },
}

/** Nothing stays in memory, and the next worker reads a history that is longer than is read one by one. */
const cold: Scenario = {
  name: 'cold',
  tuning: { maxCachedWorkflows: 0 },
  async run({ worker, client, openAnother, start, result, ran }) {
    await start(client, 'long', 'long', [30])
    await ran('long', '20')
    await worker.stop()
    const next = await openAnother()
    await result('long')
    await next.stop()
  },
}

const messages: Scenario = {
  name: 'messages',
  async run({ worker, client, start, signal, query, finish, result }) {
    await Promise.all([start(worker, 'gather', 'own'), start(client, 'gather', 'free')])
    for (let value = 1; value <= 3; value++) {
      await Promise.all([signal(client, 'own', value), signal(worker, 'free', value), signal(client, 'free', 10 + value)])
    }
    await Promise.all([query(client, 'own'), query(worker, 'free')])
    await finish('own')
    await Promise.all([signal(client, 'free', 20), finish('free')])
    await Promise.all([result('own'), result('free')])
    await query(client, 'own')
  },
}

const updates: Scenario = {
  name: 'updates',
  async run({ worker, client, start, signal, update, finish, result }) {
    await Promise.all([start(worker, 'gather', 'own'), start(client, 'gather', 'free')])
    await Promise.all([update(client, 'own', 101), update(worker, 'own', 102), update(client, 'free', 101)])
    await Promise.all([update(client, 'own', -1), signal(client, 'own', 1), update(client, 'own', 103)])
    await Promise.all([finish('own'), finish('free')])
    await Promise.all([result('own'), result('free')])
    await update(client, 'own', 101) // it answers still
  },
}

const family: Scenario = {
  name: 'family',
  async run({ worker, client, openAnother, start, cancel, result }) {
    const other = await openAnother({ taskQueues: ['elsewhere'] })
    await Promise.all([start(worker, 'family', 'own', ['elsewhere']), start(client, 'family', 'free', ['default'])])
    for (const workflowId of ['own', 'free']) {
      await result(workflowId)
      await cancel(`${workflowId} left`)
      for (const name of Object.keys(workflows.familyEnds)) await result(`${workflowId} ${name}`)
    }
    await other.stop()
  },
}

const chains: Scenario = {
  name: 'chains',
  async run({ worker, client, start, result }) {
    await Promise.all([start(worker, 'relay', 'own', [3]), start(client, 'relay', 'free', [2])])
    const retry = { maximumAttempts: 2, initialInterval: 10 }
    await start(client, 'retried', 'retried', [], { retry })
    await start(worker, 'stuck', 'stuck', [], { workflowRunTimeout: 300, retry })
    for (const workflowId of ['own', 'free', 'retried', 'stuck']) await result(workflowId)
  },
}

const ends: Scenario = {
  name: 'ends',
  async run({ worker, client, openAnother, start, signal, cancel, terminate, result, ran }) {
    const other = await openAnother({ taskQueues: ['elsewhere'] })
    await start(worker, 'sleeper', 'cancelled')
    await start(worker, 'working', 'working', ['default'])
    await start(worker, 'working', 'working elsewhere', ['elsewhere'])
    await start(client, 'sleeper', 'terminated', [], { startDelay: '1 hour' })
    await signal(client, 'terminated', 1)
    await Promise.all([ran('working', 'work'), ran('working elsewhere', 'work')])
    await pause(150) // it has sent heartbeats, and so has a row
    await Promise.all([cancel('cancelled'), cancel('working'), cancel('working elsewhere'), terminate('terminated')])
    for (const workflowId of ['cancelled', 'working', 'working elsewhere', 'terminated']) await result(workflowId)
    await other.stop()
    await start(client, 'gather', 'again')
    await start(client, 'sleeper', 'again', [], { workflowIdConflictPolicy: 'TERMINATE_EXISTING' })
    await cancel('again')
    await result('again')
    await start(client, 'gather', 'again', [], { workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY' })
    await cancel('again')
  },
}

const queues: Scenario = {
  name: 'queues',
  async run({ worker, client, start, result }) {
    await patiently(() => client.taskQueues.setLimits('limited', { activitiesPerSecond: 50, maxConcurrentActivities: 2 }))
    await pause(120) // the worker has learnt of it by its tick
    await Promise.all([start(worker, 'limited', 'limited'), start(client, 'unserved', 'unserved')])
    await patiently(() => worker.taskQueues.describe('limited'))
    await patiently(() => client.taskQueues.describe('nobody'))
    await patiently(() => client.taskQueues.list())
    await Promise.all([result('limited'), result('unserved')])
    await patiently(() => client.taskQueues.setLimits('limited', { activitiesPerSecond: null, maxConcurrentActivities: null }))
  },
}

const outside: Scenario = {
  name: 'outside',
  async run({ worker, client, start, result, ran }) {
    const activity = { workflowId: 'outside', activityId: 'outside' }
    await start(worker, 'outside', 'outside')
    await ran('outside', 'outside')
    await pause(120) // it has a row
    await patiently(() => client.activities.heartbeat(activity, { page: 1 }))
    await patiently(() => client.activities.complete(activity, 7)).catch((error: Error) => {
      if (error.name !== 'ActivityNotFoundError') throw error // the first try may have had its way
    })
    await result('outside')
  },
}

/** Held by a worker that does not know the type, and another one does; and for a fault that is over when it is tried again. */
const held: Scenario = {
  name: 'held',
  tuning: { workflows: { chain: workflows.chain, long: brokenOnce(workflows.long) } },
  async run({ client, openAnother, start, signal, finish, result }) {
    await Promise.all([start(client, 'gather', 'held'), start(client, 'long', 'broken', [1])])
    await result('broken')
    await signal(client, 'held', 1)
    while ((await patiently(() => client.workflows.describe('held'))).held === undefined) await pause(10)
    const other = await openAnother()
    await finish('held')
    await result('held')
    await other.stop()
  },
}

function brokenOnce<Arguments extends readonly unknown[], Result>(workflow: (...args: Arguments) => Promise<Result>): typeof workflow {
  let isBroken = true
  return async (...args) => {
    if (!isBroken) return workflow(...args)
    isBroken = false
    throw new DeterminismViolationError('broken')
  }
}

const reading: Scenario = {
  name: 'reading',
  async run({ worker, client, start, query, result }) {
    await start(worker, 'chain', 'one')
    await start(client, 'sleeper', 'two', [], { startDelay: '1 hour' })
    await query(client, 'two')
    const { workflows, namespaces, workers } = client
    await patiently(() => workflows.list({ workflowId: 'one' }))
    await patiently(() => workflows.list({ status: 'RUNNING', limit: 1 }))
    await patiently(() => workflows.count({ workflowId: 'one' }))
    await patiently(() => workflows.count())
    await result('one')
    await patiently(() => workflows.history('one'))
    await patiently(() => workflows.getStatus('one'))
    await patiently(() => namespaces.create('other')).catch((error: Error) => {
      if (!hasCode(error, 'NAMESPACE_EXISTS')) throw error // the first try may have had its way
    })
    await patiently(() => namespaces.list())
    await patiently(() => namespaces.describe('other'))
    await patiently(() => workers.list())
    await patiently(() => client.taskQueues.list())
    await patiently(() => client.taskQueues.describe('default'))
    await start(worker, 'gather', 'asked')
    await query(client, 'asked')
  },
}

/** The main thread stands still, and the lease thread renews. */
const blocked: Scenario = {
  name: 'blocked',
  async run({ worker, start, result }) {
    await start(worker, 'blocking', 'blocked', [2_200])
    await result('blocked')
  },
}

/** Not tried at points of its own: it leaves behind what `takeover` finds. */
export const victim: Scenario = {
  name: 'victim',
  async run({ worker, start, signal, ran, client }) {
    await Promise.all([
      start(worker, 'working', 'working', ['default']), start(worker, 'gather', 'gathering'), start(worker, 'hanging', 'hanging'),
    ])
    await Promise.all([ran('working', 'work'), signal(client, 'gathering', 1)])
    await pause(150) // the heartbeats have made a row
    process.kill(process.pid, 'SIGKILL')
  },
}

const takeover: Scenario = {
  name: 'takeover',
  hasDeadWorker: true,
  async run({ signal, client, finish, cancel, result }) {
    await signal(client, 'gathering', 2)
    await result('hanging')
    await Promise.all([finish('gathering'), cancel('working')])
    await Promise.all([result('gathering'), result('working')])
  },
}

const opening: Scenario = {
  name: 'opening',
  isFirst: true,
  async run({ worker, start, result }) {
    await start(worker, 'chain', 'one')
    await result('one')
  },
}

export const scenarios: readonly Scenario[] = [
  steps, cold, messages, updates, family, chains, ends, queues, outside, held, reading, blocked, takeover, opening,
]
