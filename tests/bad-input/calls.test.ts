/** Wrong names, ids, options and values, told at the call. Nothing is started by any of them. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createMemoryStore } from '@perdure/testing'
import { type Duration, Engine, type StartManyOutcome, type WorkflowClientInterceptor } from 'perdure'
import { refused, silent } from './refusals.ts'
import * as workflows from './workflows.ts'

/** A value of another kind than the types allow, as JavaScript or a configuration file may pass it. */
const wrong = (value: unknown) => value as never

/** Throws what kept the first from being started. */
function thrownBy([outcome]: readonly StartManyOutcome[]): void {
  if (outcome?.status === 'failed') throw outcome.error
}

describe('bad input of calls', () => {
  let opened: Engine | undefined
  before(async () => {
    opened = await Engine.open({ store: createMemoryStore(), logger: silent, worker: { tickMs: 20 } })
    opened.workflows.register(workflows)
    opened.activities.register({ charge: async (amount: number) => `charged ${amount}` })
    await opened.start()
  })
  after(() => opened?.stop())

  const client = () => {
    assert.ok(opened !== undefined)
    return opened.workflows
  }

  test('an unknown workflow is refused where the worker would run it, with near matches', async () => {
    const misspelt = () => client().start('chargeOrdre', { args: [1] })
    await refused(misspelt, 'WORKFLOW_NOT_REGISTERED', /'chargeOrdre'.*did you mean 'chargeOrder'/)
    await refused(() => client().start('unlike', {}), 'WORKFLOW_NOT_REGISTERED', /it has .*chargeOrder/)
  })

  test('a function without a name, and what is neither function nor name, are refused', async () => {
    await refused(() => client().start((() => async () => undefined)(), {}), 'WORKFLOW_NOT_REGISTERED', /no name/)
    await refused(() => client().start(wrong(7), {}), 'WORKFLOW_NOT_REGISTERED', /number/)
    await refused(() => client().start('', {}), 'ID_INVALID', /empty/)
  })

  test('wrong ids are refused and shown', async () => {
    const ids = [['', /empty/], ['x'.repeat(1_001), /1001 characters/], ['a\0b', /NUL/], [wrong(7), /number/]] as const
    for (const [workflowId, message] of ids) {
      await refused(() => client().start(workflows.returned, { workflowId, args: [1] }), 'ID_INVALID', message)
    }
    await refused(() => client().start(workflows.returned, { taskQueue: '', args: [1] }), 'ID_INVALID', /taskQueue/)
  })

  test('a second start of an id that is open is refused with the run that holds it', async () => {
    const first = await client().start(workflows.chargeAfterSignal, { workflowId: 'twice', args: [1] })
    const again = () => client().start(workflows.chargeAfterSignal, { workflowId: 'twice', args: [2] })
    await refused(again, 'WORKFLOW_ALREADY_STARTED', new RegExp(`twice.*${first.runId}`))
    await first.signal(workflows.proceed)
    assert.equal(await first.result(), 'charged 1')
  })

  test('values that cannot be stored are refused with their path', async () => {
    const circle: { self?: unknown } = {}
    circle.self = circle
    const values = [
      [{ order: { id: 1n } }, /argument 1 of workflow 'returned'.*\.order\.id.*BigInt/i], [[new Map()], /\[0\] is a Map/],
      [() => 1, /function/], [Symbol('s'), /symbol/i], [Promise.resolve(1), /Promise/], [circle, /circ/i],
      [{ data: new Uint8Array(1) }, /binary/],
    ] as const
    for (const [value, message] of values) {
      const start = () => client().start(workflows.returned, { workflowId: 'unstored', args: [value] })
      await refused(start, 'PAYLOAD_NOT_SERIALISABLE', message)
    }
    await refused(() => client().start(workflows.returned, { args: [1], memo: { at: 1n } }), 'PAYLOAD_NOT_SERIALISABLE', /memo.*\.at/)
    assert.equal(await client().count({ workflowId: 'unstored' }), 0)
  })

  test('a payload that is too large is refused with its size and the limit', async () => {
    const start = () => client().start(workflows.returned, { workflowId: 'large', args: ['x'.repeat(2 * 1024 * 1024)] })
    await refused(start, 'PAYLOAD_TOO_LARGE', /2097156 bytes.*2097152/)
    assert.equal(await client().count({ workflowId: 'large' }), 0)
  })

  test('wrong durations are refused and the option is named', async () => {
    const delayed = () => client().start(workflows.returned, { args: [1], startDelay: wrong('soon') })
    await refused(delayed, 'DURATION_INVALID', /startDelay.*'soon'/)
    const executing = (timeout: Duration) => () => client().execute(workflows.returned, { args: [1], timeout })
    await refused(executing(wrong('3 lightyears')), 'DURATION_INVALID', /timeout.*lightyears/)
    await refused(executing(-5), 'DURATION_INVALID', /negative/)
    await refused(() => client().getResult('any', { timeout: Number.NaN }), 'DURATION_INVALID', /NaN/)
  })

  test('unknown options are refused with near matches, wrong values with what is allowed', async () => {
    const start = (options: object) => () => client().start(workflows.returned, wrong({ args: [1], ...options }))
    await refused(start({ workflowID: 'x' }), 'OPTIONS_INVALID', /workflowID.*did you mean 'workflowId'/)
    await refused(start({ args: 'text' }), 'OPTIONS_INVALID', /array/)
    await refused(start({ workflowIdReusePolicy: 'ALLOW_DUPLICATES' }), 'OPTIONS_INVALID', /did you mean 'ALLOW_DUPLICATE'/)
    await refused(start({ workflowIdConflictPolicy: 'MAYBE' }), 'OPTIONS_INVALID', /FAIL, USE_EXISTING, TERMINATE_EXISTING/)
    await refused(start({ priority: 9 }), 'OPTIONS_INVALID', /1 .*5/)
    await refused(start({ memo: 'text' }), 'OPTIONS_INVALID', /memo.*object/)
    await refused(() => client().list(wrong({ status: 'runing' })), 'OPTIONS_INVALID', /did you mean 'running'/i)
    await refused(() => client().list(wrong({ limit: 0 })), 'OPTIONS_INVALID', /limit/)
    await refused(() => client().list(wrong({ cursor: 'made up' })), 'CURSOR_INVALID', /cursor/)
  })

  test('options that are no object are refused by every call that takes some, and the call is named', async () => {
    const passing: WorkflowClientInterceptor = { startWithDetails: (input, next) => next(input) }
    for (const workflow of [[], [passing]]) {
      const interceptors = { client: { workflow } }
      const engine = await Engine.open({ store: createMemoryStore(), logger: silent, worker: false, interceptors })
      const { workflows: calls } = engine
      const handle = calls.getHandle('any')
      for (const options of [null, 7, []].map(wrong)) {
        for (const [name, call] of [
          ['start', () => calls.start('returned', options)], ['execute', () => calls.execute('returned', options)],
          ['schedule', () => calls.schedule('returned', options)],
          ['startMany', async () => thrownBy(await calls.startMany('returned', [options]))],
          ['executeUpdateWithStart', () => calls.executeUpdateWithStart('add', options)],
          ['startUpdateWithStart', () => calls.startUpdateWithStart('add', options)],
          ['getHandle', () => calls.getHandle('any', undefined, options)], ['getResult', () => calls.getResult('any', options)],
          ['list', () => calls.list(options)], ['count', () => calls.count(options)],
          ['replayOpen', () => calls.replayOpen(options).next()],
          ['cancel', () => calls.cancel('any', options)], ['terminate', () => calls.terminate('any', options)],
          ['result', () => handle.result(options)], ['result', () => handle.getUpdateHandle('u').result(options)],
          ['executeUpdate', () => handle.executeUpdate('add', options)], ['startUpdate', () => handle.startUpdate('add', options)],
          ['getUpdateHandle', () => handle.getUpdateHandle('u', options)],
          ['namespaces.create', () => engine.namespaces.create('n', options)],
          ['taskQueues.setLimits', () => engine.taskQueues.setLimits('q', options)],
        ] as const) await refused(call, 'OPTIONS_INVALID', new RegExp(`${name}\\(\\) (are .*; pass an object|needs a)`))
      }
      await engine.stop()
    }
  })

  test('unknown executions are refused by name', async () => {
    for (const call of [
      () => client().getStatus('nobody'), () => client().describe('nobody'), () => client().history('nobody'),
      () => client().signal('nobody', 'hello'), () => client().cancel('nobody'), () => client().terminate('nobody'),
      () => client().getResult('nobody'), () => client().query('nobody', 'state'),
    ]) await refused(call, 'WORKFLOW_NOT_FOUND', /'nobody'/)
  })

  test('reserved names of messages are refused', async () => {
    await refused(() => client().signal('any', '__perdure_pause'), 'MESSAGE_NAME_RESERVED', /__perdure_pause/)
  })

  test('what cannot be registered is refused and named', async () => {
    assert.ok(opened !== undefined)
    const { workflows: registered, activities } = opened
    await refused(() => registered.register(wrong('name'), wrong(7)), 'REGISTRATION_INVALID', /name/)
    await refused(() => activities.register(wrong(7)), 'REGISTRATION_INVALID', /./)
  })

  test('an activity and a workflow that no worker has wait, and the names that it has are seen where none is near', async () => {
    const store = createMemoryStore()
    const engine = await Engine.open({ store, logger: silent, worker: { tickMs: 20 } })
    engine.workflows.register(workflows)
    engine.activities.register({ sendMail: async () => 'sent' })
    await engine.start()
    const handle = await engine.workflows.start(workflows.chargeOrder, { args: [3] })
    const pending = async () => JSON.stringify((await handle.describe()).pendingActivities)
    while (!(await pending()).includes('sendMail')) await new Promise((resolve) => setTimeout(resolve, 5))
    assert.match(await pending(), /'charge' is not registered.*'default'; it has sendMail\. It waits for a worker that has it/)
    const producer = await Engine.open({ store, logger: silent, worker: false })
    const unknown = await producer.workflows.start('unlike')
    const held = async () => (await unknown.describe()).held?.reason ?? ''
    while (await held() === '') await new Promise((resolve) => setTimeout(resolve, 5))
    assert.match(await held(), /No workflow 'unlike' is registered.*; it has chargeAfterSignal, chargeOrder, returned\./)
    await assert.rejects(unknown.result({ timeout: 50 }), { code: 'RESULT_TIMEOUT', message: /it is held \(unknown_workflow_type\)/ })
    await Promise.all([engine.stop(), producer.stop()])
  })

  test('an activity that no worker has waits, is seen with near matches, and runs when a worker with it comes', async () => {
    const store = createMemoryStore()
    const options = { store, logger: silent, worker: { tickMs: 20 } }
    const misspelt = await Engine.open(options)
    misspelt.workflows.register(workflows)
    misspelt.activities.register({ chareg: async () => 'wrong' })
    await misspelt.start()
    const handle = await misspelt.workflows.start(workflows.chargeOrder, { args: [3] })
    const reason = async () => JSON.stringify((await handle.describe()).pendingActivities)
    while (!(await reason()).includes('chareg')) await new Promise((resolve) => setTimeout(resolve, 5))
    assert.match(await reason(), /'charge' is not registered.*did you mean 'chareg'/)
    const right = await Engine.open(options)
    right.activities.register({ charge: async (amount: number) => `charged ${amount}` })
    await right.start()
    assert.equal(await handle.result(), 'charged 3')
    await Promise.all([misspelt.stop(), right.stop()])
  })
})

describe('bad input of Engine.open', () => {
  const opening = (options: object) => () => Engine.open(options)

  test('unknown options are refused with near matches', async () => {
    await refused(opening({ databse: 'x.db' }), 'ENGINE_OPTIONS_INVALID', /databse.*did you mean 'database'/)
    const misspelt = { store: createMemoryStore(), worker: { maxCachedWorkflow: 1 } }
    await refused(opening(misspelt), 'ENGINE_OPTIONS_INVALID', /did you mean 'maxCachedWorkflows'/)
  })

  test('options that are no object are refused', async () => {
    for (const options of [null, 7, 'orders.db']) {
      await refused(opening(wrong(options)), 'ENGINE_OPTIONS_INVALID', /Engine\.open\(\) are .*; give an object/)
    }
  })

  test('options of wrong types are refused and named', async () => {
    for (const [options, message] of [
      [{ database: 7 }, /database/], [{ database: '' }, /database/], [{ namespace: 7 }, /namespace/], [{ taskQueue: '' }, /taskQueue/],
      [{ worker: 'yes' }, /worker/], [{ worker: { maxCachedWorkflows: -1 } }, /maxCachedWorkflows/],
      [{ worker: { maxConcurrentActivities: 0 } }, /maxConcurrentActivities/], [{ worker: { taskQueues: 'orders' } }, /taskQueues/],
      [{ worker: { maxConcurrentWorkflows: 1.5 } }, /maxConcurrentWorkflows/],
    ] as const) {
      const given = 'database' in options ? options : { store: createMemoryStore(), ...options }
      await refused(opening(given), 'ENGINE_OPTIONS_INVALID', message)
    }
    await refused(opening({ store: createMemoryStore(), worker: { shutdownGraceTime: 'long' } }), 'DURATION_INVALID', /shutdownGraceTime/)
  })

  test('a database of an unknown kind is refused with those that are known', async () => {
    await refused(opening({ database: 'mysql://localhost/orders' }), 'ENGINE_OPTIONS_INVALID', /mysql.*postgres/)
    await refused(opening({ database: 'redis://localhost' }), 'ENGINE_OPTIONS_INVALID', /redis/)
  })

  test('an unreachable PostgreSQL is told at once, with host and port and without the password', async () => {
    const error = await refused(opening({ database: 'postgres://me:secret@127.0.0.1:1/orders' }), 'STORE_UNAVAILABLE', /127\.0\.0\.1:1\b/)
    assert.ok(!error.message.includes('secret'))
  })

  test('a connection string that cannot be read is refused without showing it', async () => {
    const error = await refused(opening({ database: 'postgres://me:se cret@[::/orders' }), 'STORE_UNAVAILABLE', /connection string/)
    assert.ok(!error.message.includes('cret@'))
  })
})
