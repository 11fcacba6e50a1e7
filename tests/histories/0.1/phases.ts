/** How the recorded executions come to stand where the databases have them. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Store } from '@perdure/engine'
import { type Engine, WithStartWorkflowOperation } from 'perdure'
import { coded, refusedText, tenant } from './executions.ts'
import * as workflows from './workflows.ts'

type Engines = Readonly<Record<string, Engine>>
type Client = Engine['workflows']

/** By the workers whose code made the histories, of the queues `default` and `away`. Some of that code has mistakes. */
export async function first(engines: Engines): Promise<void> {
  const [client, other, encoded] = ['default', tenant, coded].map((namespace) => clientOf(engines, namespace)) as [Client, Client, Client]
  await messages(client)
  await Promise.all([steps(client, other), held(client), chains(client), families(client), conversions(client, encoded)])
}

async function steps(client: Client, other: Client): Promise<void> {
  const start = { memo: { customer: 'ann', lines: [1, 2] }, searchAttributes: { n: [1] }, priority: 1 }
  await client.execute(workflows.chain, { workflowId: 'chain', args: [7, 'ä "quoted" \n line'], ...start })
  await client.execute(workflows.chain, { workflowId: 'chain', args: [8] })
  await other.execute(workflows.chain, { workflowId: 'chain', args: [9, tenant] })
  const counting = await other.start(workflows.counting, { workflowId: 'counting', args: [20] })
  await counting.signal(workflows.add, 0)
  await client.execute(workflows.failing, { workflowId: 'failing' }).catch(ignore)
  await client.execute(workflows.endings, { workflowId: 'endings' })
  await client.start(workflows.attending, { workflowId: 'attending', taskQueue: 'away' })
  await reached(client, 'attending', 'TimerFired')
  const cancelled = await client.start(workflows.cancellable, { workflowId: 'cancelled', args: [false] })
  await cancelled.cancel()
  await cancelled.result().catch(ignore)
  const terminated = await client.start(workflows.sleeping, { workflowId: 'terminated' })
  await terminated.terminate('not needed')
}

async function held(client: Client): Promise<void> {
  await client.start(workflows.changed, { workflowId: 'changed' })
  for (const type of ['throwing', 'foreign', 'refused']) await client.start(type, { workflowId: type, taskQueue: 'away' })
  await client.signal('refused', workflows.go, refusedText)
  for (const id of ['throwing', 'foreign', 'refused']) await until(async () => (await client.describe(id)).held !== undefined)
}

async function messages(client: Client): Promise<void> {
  const counting = await client.start(workflows.counting, { workflowId: 'counting', args: [20] })
  for (const value of [1, 2, 3]) await counting.signal(workflows.add, value)
  for (const text of ['early', 'too']) await counting.signal(workflows.go, text)
  const kept = await client.start(workflows.counting, { workflowId: 'counting-kept', args: [100] })
  await kept.signal(workflows.go, 'first')
  const early = await client.signalWithStart(workflows.listening, { workflowId: 'early', signal: workflows.go, signalArgs: ['before all'] })
  await early.cancel()
  await early.result()
  const startWorkflowOperation = new WithStartWorkflowOperation(workflows.ledger, {
    workflowId: 'ledger', args: [], workflowIdConflictPolicy: 'FAIL',
  })
  await client.executeUpdateWithStart(workflows.put, { startWorkflowOperation, args: [1], updateId: 'comes first' })
  const ledger = client.getHandle('ledger')
  for (const [updateId, amount] of [['adds', 2], ['fails', 13], ['is rejected', -1]] as const) {
    await ledger.executeUpdate(workflows.put, { updateId, args: [amount] }).catch(ignore)
  }
  await ledger.signal(workflows.finish)
  await ledger.result()
  const waits = await client.start(workflows.ledger, { workflowId: 'ledger-open' })
  await waits.executeUpdate(workflows.put, { updateId: 'adds', args: [1] })
  await waits.startUpdate(workflows.put, { updateId: 'waits', args: [100], waitForStage: 'ACCEPTED' })
  const listening = { joined: 'default', unread: 'away', target: 'away', 'family-other': 'default' }
  for (const [workflowId, taskQueue] of Object.entries(listening)) {
    await client.start(workflows.listening, { workflowId, taskQueue })
    await reached(client, workflowId, 'TimerFired')
  }
}

async function chains(client: Client): Promise<void> {
  for (const workflowId of ['patching', 'patching-open']) {
    await client.start(workflows.patching, { workflowId })
    await reached(client, workflowId, 'TimerFired')
  }
  await client.signal('patching', workflows.go)
  const described = {
    workflowExecutionTimeout: '36500 days', workflowRunTimeout: '36500 days', workflowTaskTimeout: '10 seconds',
    retry: { initialInterval: 1, maximumAttempts: 3 }, staticSummary: 'hops', staticDetails: 'some **hops**',
  } as const
  await client.execute(workflows.hopping, { workflowId: 'hopping', args: [1, false], ...described, memo: { first: true } })
  await client.start(workflows.hopping, { workflowId: 'hopping-open', args: [1, true], ...described })
  await until(async () => (await client.describe('hopping-open')).memo?.['left'] === 0)
  await client.execute(workflows.flaky, { workflowId: 'flaky', retry: { initialInterval: 1 } })
  await client.execute(workflows.listening, { workflowId: 'timed-out', workflowRunTimeout: '300 ms' }).catch(ignore)
}

async function families(client: Client): Promise<void> {
  const parent = await client.start(workflows.family, { workflowId: 'family', args: ['counting-kept', 'family-other'] })
  await until(async () => (await client.list({ workflowIdPrefix: 'family-' })).executions.length === 6)
  await client.terminate('family-terminated', 'as siblings do')
  await reached(client, 'family', 'ChildWorkflowExecutionTimedOut')
  await parent.signal(workflows.go)
  await parent.result()
  for (const [workflowId, taskQueue] of [['leaving', 'default'], ['leaving-away', 'away']] as const) {
    await client.start(workflows.leaving, { workflowId, args: [taskQueue] })
    await begun(client, ['abandon', 'request_cancel', 'terminate'].map((policy) => `${workflowId}-${policy}`))
  }
  await client.signal('leaving', workflows.go)
  await client.getHandle('leaving-request_cancel').result().catch(ignore)
  await client.start(workflows.awaiting, { workflowId: 'awaiting', args: ['default'] })
  await client.start(workflows.awaiting, { workflowId: 'awaiting-away', taskQueue: 'away', args: ['default'] })
  await begun(client, ['awaiting-child', 'awaiting-away-child'])
}

async function conversions(client: Client, encoded: Client): Promise<void> {
  const given = new Uint8Array([1, 2, 254, 255])
  const memo = { mark: new Uint8Array([7]) }
  await client.execute(workflows.bytes, { workflowId: 'bytes', args: [given, undefined, 'last'], memo })
  await client.execute(workflows.bytes, { workflowId: 'bytes-alone', args: [given, undefined, 'alone'] })
  await encoded.execute(workflows.converted, { workflowId: 'converted-failed', args: [0n] }).catch(ignore)
  for (const workflowId of ['converted', 'converted-open']) {
    const handle = await encoded.start(workflows.converted, { workflowId, args: [7n], memo: { of: 'all' } })
    await handle.executeUpdate(workflows.grow, { updateId: 'grows', args: [5n] })
  }
  await encoded.signal('converted', workflows.go, 'on')
  await encoded.getHandle('converted').result()
}

/** By processes without workers, while nobody runs anything. */
export async function between(engines: Engines): Promise<void> {
  const client = clientOf(engines, 'default')
  await client.start('newcomer', { workflowId: 'newcomer' })
  await client.signal('newcomer', workflows.go, 'kept')
  await client.signal('joined', workflows.go, 'one')
  void client.getHandle('joined').executeUpdate(workflows.put, { updateId: 'is joined', args: [2] }).catch(ignore)
  await client.signal('joined', workflows.go, 'three')
  await client.cancel('joined')
  await client.signal('unread', workflows.go, 'kept')
  await client.signalWithStart(workflows.listening, { workflowId: 'unread', taskQueue: 'away', signal: workflows.go, signalArgs: ['too'] })
  void client.getHandle('unread').executeUpdate(workflows.put, { updateId: 'is unread', args: [3] }).catch(ignore)
  await client.cancel('unread')
  await client.signal('awaiting-away-child', workflows.go, 'hello')
  await client.signal('leaving-away', workflows.go)
  await clientOf(engines, coded).signal('converted-open', workflows.go, 'on')
  await engines['default']?.activities.reportCancellation({ workflowId: 'attending', activityId: '4' })
  await engines['default']?.taskQueues.setLimits('limited', { maxConcurrentActivities: 1, activitiesPerSecond: 100 })
}

/** What workers that die are given; each is started by the recorder, which knows when it is dead. */
export async function dying(engines: Engines): Promise<void> {
  const client = clientOf(engines, 'default')
  await client.start(workflows.crashing, { workflowId: 'crashing', taskQueue: 'crashing' })
  await client.start(workflows.asking, { workflowId: 'asking', taskQueue: 'asking', args: ['counting-kept', 'target'] })
  await clientOf(engines, tenant).start(workflows.heartbeats, { workflowId: 'lost' })
}

/** By the successor, of the queues `default`, `later` and `limited`, which goes on with what was left and dies in the middle of it. */
export async function second(engines: Engines): Promise<void> {
  const client = clientOf(engines, 'default')
  await client.start(workflows.sleeping, { workflowId: 'sleeping' })
  await client.start(workflows.retrying, { workflowId: 'delayed', startDelay: '20 seconds' })
  await client.start(workflows.flaky, { workflowId: 'flaky-later', retry: { initialInterval: '20 seconds' } })
  await client.start(workflows.listening, { workflowId: 'overdue', workflowRunTimeout: '30 seconds' })
  await client.start(workflows.retrying, { workflowId: 'retrying' })
  await client.start(workflows.endlessly, { workflowId: 'endlessly' })
  await client.start(workflows.heartbeats, { workflowId: 'heartbeats' })
  await client.start(workflows.outside, { workflowId: 'outside' })
  await client.start(workflows.queueing, { workflowId: 'queueing' })
  const cancelling = await client.start(workflows.cancellable, { workflowId: 'cancelling', args: [true] })
  // Else its activity would never begin.
  await until(async () => (await cancelling.describe()).pendingActivities.length > 0)
  await cancelling.cancel()
  await client.signal('changed', workflows.go)
}

/** What holds when everything stands where it is to be recorded; the first that does not yet. */
export async function missing(engines: Engines, store: Store): Promise<string | undefined> {
  const client = clientOf(engines, 'default')
  const held = async (id: string): Promise<string | undefined> => (await client.describe(id)).held?.code
  const attempts = async (id: string): Promise<readonly number[]> => (
    (await client.describe(id)).pendingActivities.map(({ attempt }) => attempt))
  const unread = async (id: string): Promise<number> => {
    const record = await store.getExecution('default', id, null)
    return record === undefined ? 0 : (await store.readMessages(record.runId, 100)).length
  }
  const conditions: Readonly<Record<string, () => Promise<boolean>>> = {
    counting: async () => await events(client, 'counting', 'ActivityTaskCompleted') === 3,
    changed: async () => await held('changed') === 'nondeterminism',
    newcomer: async () => await held('newcomer') === 'unknown_workflow_type',
    crashing: async () => await held('crashing') === 'crash_loop',
    retrying: async () => (await attempts('retrying')).includes(2),
    'flaky-later': async () => (await client.describe('flaky-later')).attempt === 2,
    heartbeats: async () => (await attempts('heartbeats')).length === 1,
    outside: async () => (await attempts('outside')).length === 1,
    queueing: async () => (await engines['default']?.taskQueues.describe('limited'))?.activities.running === 1,
    cancelling: async () => await events(client, 'cancelling', 'WorkflowExecutionCancelRequested') === 1,
    attending: async () => await unread('attending') === 4,
    unread: async () => await unread('unread') === 4,
    asking: async () => await unread('asking') === 6,
    'awaiting-away': async () => await unread('awaiting-away') === 1,
    joined: async () => (await client.describe('joined')).status === 'COMPLETED',
    'leaving-away': async () => (await client.describe('leaving-away')).status === 'COMPLETED',
    lost: async () => (await store.readTasks((await clientOf(engines, tenant).describe('lost')).runId as never)).some(({ lost }) => lost),
  }
  for (const [name, holds] of Object.entries(conditions)) if (!(await holds())) return name
  return undefined
}

function clientOf(engines: Engines, namespace: string): Client {
  const engine = engines[namespace]
  if (engine === undefined) throw new Error(`No engine of the namespace ${namespace} is there`)
  return engine.workflows
}

async function begun(client: Client, ids: readonly string[]): Promise<void> {
  for (const id of ids) await until(async () => (await client.describe(id).catch(ignore))?.pendingConditions === 1)
}

async function reached(client: Client, id: string, eventType: string): Promise<void> {
  await until(async () => await events(client, id, eventType) > 0)
}

async function events(client: Client, id: string, type: string): Promise<number> {
  return (await client.history(id)).filter(({ eventType }) => eventType === type).length
}

export async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`The executions do not come to stand where they are to be recorded (${String(holds)})`)
    await pause(20)
  }
}

const ignore = (): undefined => undefined
