import { ActivityFailure, ApplicationFailure, CancelledFailure, PerdureError, TimeoutFailure, WorkflowFailedError } from 'perdure'
import { activityInfo, heartbeat } from 'perdure/activity'
import { sleep, type WorkflowInterceptors } from 'perdure/workflow'
import { TestEnvironment, type TestEnvironmentOptions } from 'perdure/testing'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as activities from './activities.ts'
import * as workflows from './workflows.ts'

const second = 1_000
const hour = 3_600 * second
const day = 24 * hour

for (const [home, database] of [['in memory', {}], ['on SQLite', { database: ':memory:' }]] as const) {
  const create = (options: TestEnvironmentOptions<typeof activities> = {}): Promise<TestEnvironment<typeof activities>> =>
    TestEnvironment.create({ workflows, activities, ...database, ...options })

  test(`${home} a sleep of thirty days passes while its result is awaited, and virtual time has moved by exactly that`, async () => {
    await using env = await create()
    const before = env.currentTimeMs()
    const took = await env.workflows.execute(workflows.reminder, { workflowId: 'reminder', args: ['ada'] })
    assert.equal(took, 30 * day)
    assert.equal(env.currentTimeMs() - before, 30 * day)
    assert.deepEqual(env.activities.calls().map(({ name, args, attempt }) => [name, args, attempt]), [['sendMail', ['ada'], 1]])
  })

  test(`${home} timers fire in the order of their times`, async () => {
    await using env = await create()
    assert.deepEqual(await env.workflows.execute(workflows.race, { workflowId: 'race' }), ['hour', 'day', 'week'])
  })

  test(`${home} env.sleep stops between two timers, where an execution can be asked and told`, async () => {
    await using env = await create({ startTime: new Date('2026-01-01') })
    const reminder = await env.workflows.start(workflows.reminder, { workflowId: 'reminder', args: ['ada'] })
    const approval = await env.workflows.start(workflows.approval, { workflowId: 'approval' })
    await env.sleep('2 days')
    assert.equal(new Date(env.currentTimeMs()).toISOString(), '2026-01-03T00:00:00.000Z')
    assert.equal(await reminder.query(workflows.phase), 'waiting')
    await approval.signal(workflows.approve, 'grace')
    assert.equal(await approval.result(), 'grace')
    await env.sleep('28 days')
    assert.equal(await reminder.query(workflows.phase), 'sent')
  })

  test(`${home} pauses between attempts pass at once, and attempts are counted`, async () => {
    await using env = await create()
    env.activities.mock({
      charge: async (amount) => {
        if (activityInfo().attempt < 3) throw new Error('declined')
        return `charged ${amount} at last`
      },
    })
    const before = env.currentTimeMs()
    assert.equal(await env.workflows.execute(workflows.briefOrder, { workflowId: 'order', args: [7] }), 'charged 7 at last')
    assert.equal(env.currentTimeMs() - before, 3 * second)
    assert.deepEqual(env.activities.calls('charge').map(({ attempt }) => attempt), [1, 2, 3])
  })

  test(`${home} an activity that is retried until its schedule-to-close time is over fails after that time`, async () => {
    await using env = await create()
    env.activities.mock({ charge: () => { throw new Error('declined') } })
    const before = env.currentTimeMs()
    await assert.rejects(env.workflows.execute(workflows.withinAnHour, { workflowId: 'order' }), (error) => {
      assert.ok(error instanceof WorkflowFailedError && error.cause instanceof ActivityFailure)
      return error.cause.retryState === 'TIMEOUT'
    })
    const tookMs = env.currentTimeMs() - before
    assert.ok(tookMs > hour / 2 && tookMs <= hour, String(tookMs))
  })
}

test('time stands still unless something is awaited, and then moves by timers alone', async () => {
  await using env = await TestEnvironment.create({ workflows, activities, startTime: 0 })
  const handle = await env.workflows.start(workflows.approval, { workflowId: 'approval' })
  for (let round = 0; round < 200; round++) await new Promise((resolve) => setImmediate(resolve))
  assert.equal(env.currentTimeMs(), 0)
  assert.equal((await handle.describe()).status, 'RUNNING')
  assert.equal(await handle.result(), 'nobody')
  assert.equal(env.currentTimeMs(), 3 * day)
})

test('with automatic skipping disabled, only env.sleep moves time', async () => {
  await using env = await TestEnvironment.create({ workflows, activities, autoTimeSkippingDisabled: true })
  const handle = await env.workflows.start(workflows.approval, { workflowId: 'approval' })
  let ended = false
  const result = handle.result().finally(() => { ended = true })
  for (let round = 0; round < 200; round++) await new Promise((resolve) => setImmediate(resolve))
  assert.equal(ended, false)
  await env.sleep('3 days')
  assert.equal(await result, 'nobody')
})

test('a mock that sleeps in virtual time takes no time, and times out in virtual time', async () => {
  await using env = await TestEnvironment.create({ workflows, activities })
  env.activities.mock({
    charge: async (amount) => {
      await env.sleep('9 seconds')
      return `slowly ${amount}`
    },
  })
  const before = env.currentTimeMs()
  assert.equal(await env.workflows.execute(workflows.order, { workflowId: 'slow', args: [7] }), 'slowly 7')
  assert.equal(env.currentTimeMs() - before, 9 * second)
  env.activities.mock({ charge: async () => { await env.sleep('1 day'); return 'never heard' } })
  await assert.rejects(env.workflows.execute(workflows.briefOrder, { workflowId: 'too-slow', args: [7] }), (error) => {
    const { cause } = (error as WorkflowFailedError).cause as ActivityFailure
    return cause instanceof TimeoutFailure && cause.timeoutType === 'START_TO_CLOSE'
  })
  assert.equal(env.currentTimeMs() - before, 9 * second + 3 * 10 * second + 3 * second)
})

test('an activity that runs a workflow and awaits its result does not hold up time', async () => {
  await using env = await TestEnvironment.create({ workflows, activities })
  env.activities.mock({ charge: async () => env.workflows.execute(workflows.approval, { workflowId: 'approval' }) })
  const before = env.currentTimeMs()
  await assert.rejects(env.workflows.execute(workflows.briefOrder, { workflowId: 'brief', args: [1] }), WorkflowFailedError)
  await env.workflows.terminate('approval')
  assert.ok(env.currentTimeMs() - before <= 33 * second)
  assert.equal(await env.workflows.execute(workflows.patientOrder, { workflowId: 'patient', args: [1] }), 'nobody')
})

test('interceptors of workflows are there when their histories are replayed', async () => {
  const napping = (): WorkflowInterceptors => ({
    inbound: [{
      execute: async (input, next) => {
        await sleep('1 hour')
        return next(input)
      },
    }],
  })
  await using env = await TestEnvironment.create({ workflows, activities, interceptors: { workflow: [napping] } })
  const before = env.currentTimeMs()
  assert.equal(await env.workflows.execute(workflows.order, { workflowId: 'order', args: [1] }), 'charged 1')
  assert.equal(env.currentTimeMs() - before, hour)
})

test('while a real activity runs, time does not jump', async () => {
  const { promise, resolve } = Promise.withResolvers<string>()
  await using env = await TestEnvironment.create({ workflows, activities })
  env.activities.mock({ charge: () => promise })
  const order = env.workflows.execute(workflows.order, { workflowId: 'order', args: [7] })
  const approval = env.workflows.execute(workflows.approval, { workflowId: 'approval' })
  const before = env.currentTimeMs()
  while (env.activities.calls('charge').length === 0) await new Promise((next) => setImmediate(next))
  for (let round = 0; round < 100; round++) await new Promise((next) => setImmediate(next))
  assert.ok(env.currentTimeMs() - before < day)
  resolve('done at last')
  assert.equal(await order, 'done at last')
  assert.equal(await approval, 'nobody')
})

test('time is skipped until something of the test itself has happened', async () => {
  const { promise, resolve } = Promise.withResolvers<string>()
  await using env = await TestEnvironment.create({ workflows, activities })
  env.activities.mock({ sendMail: async (to) => resolve(to) })
  await env.workflows.start(workflows.reminder, { workflowId: 'reminder', args: ['ada'] })
  assert.equal(await env.skipTimeUntil(promise), 'ada')
})

test('an activity that is restored is the real one again', async () => {
  await using env = await TestEnvironment.create({ workflows, activities })
  env.activities.mock({ charge: () => 'mocked' })
  assert.equal(await env.workflows.execute(workflows.order, { workflowId: 'one', args: [1] }), 'mocked')
  env.activities.restore('charge')
  assert.equal(await env.workflows.execute(workflows.order, { workflowId: 'two', args: [2] }), 'charged 2')
})

test('mocks are checked by their types', async () => {
  await using env = await TestEnvironment.create<typeof activities>({ workflows })
  // @ts-expect-error charge gives a text
  env.activities.mock({ charge: async () => 7 })
  // @ts-expect-error there is no such activity
  env.activities.mock({ chrage: async () => '' })
  env.activities.mock({ charge: async (amount) => amount.toFixed(2) })
  assert.equal(await env.workflows.execute(workflows.order, { workflowId: 'order', args: [7] }), '7.00')
})

test('a failure of a workflow is what its caller gets', async () => {
  await using env = await TestEnvironment.create({ workflows })
  await assert.rejects(env.workflows.execute(workflows.failing, { workflowId: 'failing' }), (error) => {
    return error instanceof WorkflowFailedError && error.cause instanceof ApplicationFailure && error.cause.type === 'Told'
  })
})

test('the names that Temporal has work as well', async () => {
  const env = await TestEnvironment.createTimeSkipping({ workflows, activities })
  try {
    assert.equal(await env.client.workflow.execute(workflows.order, { workflowId: 'order', args: [1] }), 'charged 1')
    assert.equal(await env.engine.workflows.execute(workflows.approval, { workflowId: 'approval' }), 'nobody')
    assert.equal((await env.engine.health()).status, 'healthy')
  } finally {
    await env.teardown()
  }
})

test('in real time nothing jumps, and timers and sleeps take as long as they say', async () => {
  await using env = await TestEnvironment.createLocal({ workflows, activities })
  const startedAt = performance.now()
  await env.workflows.execute(workflows.nap, { workflowId: 'nap', args: [30] })
  await env.sleep(20)
  assert.ok(performance.now() - startedAt >= 50)
  assert.ok(Math.abs(env.currentTimeMs() - Date.now()) < 60_000)
})

test('an environment with work that still waits or runs closes', async () => {
  const env = await TestEnvironment.create({ workflows, activities })
  env.activities.mock({ charge: () => new Promise(() => undefined) })
  await env.workflows.start(workflows.order, { workflowId: 'order', args: [1] })
  await env.workflows.start(workflows.reminder, { workflowId: 'reminder', args: ['ada'] })
  const result = env.workflows.getResult('reminder')
  await env.teardown()
  await env.teardown()
  await assert.rejects(result, { code: 'TEST_ENVIRONMENT_CLOSED', message: /by teardown\(\) while this was awaited: await it before/ })
})

async function codeOf(failing: () => unknown): Promise<[code: string | undefined, message: string]> {
  try {
    await failing()
  } catch (error) {
    return error instanceof PerdureError ? [error.code, error.message] : [undefined, String(error)]
  }
  return [undefined, 'it did not fail']
}

test('a workflow that remembers what other executions did is found when the environment is closed', async () => {
  const env = await TestEnvironment.create({ workflows, activities })
  await env.workflows.execute(workflows.remembering, { workflowId: 'first', args: ['first'] })
  const [code, message] = await codeOf(() => env.teardown())
  assert.equal(code, 'NONDETERMINISM', message)
  assert.match(message, /Workflow 'remembering' \(execution 'first', run .*\n {2}at event {2}1\n {2}expected {2}.*\n {2}got {7}/)
})

test('a workflow that ends differently when it is replayed is found when the environment is closed', async () => {
  const env = await TestEnvironment.create({ workflows, activities })
  await env.workflows.execute(workflows.counting, { workflowId: 'counting' })
  const [code, message] = await codeOf(() => env.teardown())
  assert.equal(code, 'NONDETERMINISM')
  assert.match(message, /expected {2}the result 1\n {2}got {7}the result 2/)
  const unchecked = await TestEnvironment.create({ workflows, replay: false })
  await unchecked.workflows.execute(workflows.counting, { workflowId: 'counting' })
  await unchecked.teardown()
})

test('an execution that is held fails whoever awaits its result, with the reason, and not the teardown once more', async () => {
  const fetching = async (): Promise<unknown> => fetch('http://127.0.0.1:1')
  const env = await TestEnvironment.create({ workflows: { ...workflows, fetching }, activities })
  for (const name of ['stray', 'fetching']) {
    const [code, message] = await codeOf(() => env.workflows.execute(name, { workflowId: name }))
    assert.equal(code, 'EXECUTION_HELD', message)
    assert.match(message, /determinism_violation/)
  }
  await env.teardown()
})

test('an execution that is held, and whose result nobody awaited, fails the teardown', async () => {
  const fetching = async (): Promise<unknown> => fetch('http://127.0.0.1:1')
  const env = await TestEnvironment.create({ workflows: { fetching } })
  await env.workflows.start('fetching', { workflowId: 'fetching' })
  await env.sleep(1)
  const [code, message] = await codeOf(() => env.teardown())
  assert.equal(code, 'NONDETERMINISM')
  assert.match(message, /fetch\(\) was used in workflow code/)
})

test('an activity that is neither given nor mocked fails whoever awaits the result', async () => {
  await using env = await TestEnvironment.create({ workflows, activities })
  const [code, message] = await codeOf(() => env.workflows.execute(workflows.forgetful, { workflowId: 'forgetful' }))
  assert.equal(code, 'ACTIVITY_MISSING')
  assert.match(message, /'forgetful' calls activity 'sendMial', which is neither given nor mocked; did you mean 'sendMail'\?/)
})

test('an activity of a task queue that is not served fails whoever awaits the result; where it is served, it runs', async () => {
  await using env = await TestEnvironment.create({ workflows, activities })
  assert.deepEqual(await codeOf(() => env.workflows.execute(workflows.elsewhere, { workflowId: 'elsewhere' })), [
    'ACTIVITY_MISSING', "Execution 'elsewhere' calls activity 'charge' of task queue 'payments', which is not served here; "
      + "give TestEnvironment.create() the option taskQueues: ['default', 'payments']",
  ])
  await using served = await TestEnvironment.create({ workflows, activities, taskQueues: ['default', 'payments'] })
  assert.equal(await served.workflows.execute(workflows.elsewhere, { workflowId: 'elsewhere' }), 'charged 1')
})

test('an execution that was held, told and terminated is not told again', async () => {
  const env = await TestEnvironment.create({ workflows, activities, replay: false })
  assert.equal((await codeOf(() => env.workflows.execute(workflows.stray, { workflowId: 'stray' })))[0], 'EXECUTION_HELD')
  await env.workflows.terminate('stray')
  assert.equal(await env.workflows.execute(workflows.order, { workflowId: 'order', args: [1] }), 'charged 1')
  await env.teardown()
})

test('activities that are registered with the engine itself are real ones', async () => {
  await using env = await TestEnvironment.create({ workflows })
  env.engine.activities.register(activities)
  assert.equal(await env.workflows.execute(workflows.order, { workflowId: 'order', args: [1] }), 'charged 1')
})

test('heartbeats and cancellation reach activities in virtual time', async () => {
  await using env = await TestEnvironment.create({ workflows, activities })
  let beats = 0
  env.activities.mock({
    charge: async () => {
      for (;;) {
        heartbeat(++beats)
        await env.sleep('20 seconds')
      }
    },
  })
  const handle = await env.workflows.start(workflows.beating, { workflowId: 'beating' })
  const before = env.currentTimeMs()
  await env.sleep('5 minutes')
  await handle.cancel()
  await assert.rejects(handle.result(), (error) => error instanceof WorkflowFailedError && error.cause instanceof CancelledFailure)
  assert.ok(beats >= 14 && beats <= 16, String(beats))
  assert.ok(env.currentTimeMs() - before <= 5 * 60 * second + 30 * second)
  env.activities.mock({ charge: async () => { await env.sleep('1 hour'); return 'never heard' } })
  const silentAt = env.currentTimeMs()
  await assert.rejects(env.workflows.execute(workflows.beating, { workflowId: 'silent' }), (error) => {
    const { cause } = (error as WorkflowFailedError).cause as ActivityFailure
    return cause instanceof TimeoutFailure && cause.timeoutType === 'HEARTBEAT'
  })
  assert.equal(env.currentTimeMs() - silentAt, 30 * second)
})

test('bad input: unknown options, mocks of unknown activities, and use after teardown have errors of their own', async () => {
  assert.deepEqual(await codeOf(() => TestEnvironment.create({ activites: {} } as never)), [
    'TEST_OPTIONS_INVALID', "Unknown option 'activites' of TestEnvironment.create(); did you mean 'activities'?",
  ])
  for (const wrong of [
    null, { startTime: 'yesterday' }, { taskQueues: [] }, { workflows: 7 }, { database: 'postgres://localhost/x' },
    { activities: { a: 1 } },
  ]) {
    const [code] = await codeOf(() => TestEnvironment.create(wrong as never))
    assert.equal(code, 'TEST_OPTIONS_INVALID', JSON.stringify(wrong))
  }
  const env = await TestEnvironment.create({ workflows, activities })
  assert.deepEqual(await codeOf(() => env.activities.mock({ chrage: () => '' } as never)), [
    'ACTIVITY_MOCK_UNKNOWN', "There is no activity 'chrage' to mock; did you mean 'charge'?",
  ])
  assert.equal((await codeOf(() => env.activities.mock({ charge: 'paid' } as never)))[0], 'TEST_OPTIONS_INVALID')
  assert.equal((await codeOf(() => env.activities.mock(null as never)))[0], 'TEST_OPTIONS_INVALID')
  assert.deepEqual(await codeOf(() => env.activities.calls('chrage' as never)), [
    'ACTIVITY_MOCK_UNKNOWN', "There is no activity 'chrage' whose calls could be listed; did you mean 'charge'?",
  ])
  const handle = await env.workflows.start(workflows.approval, { workflowId: 'approval' })
  await env.teardown()
  for (const use of [
    () => env.workflows.start(workflows.order, { workflowId: 'late', args: [1] }), () => handle.result(), () => env.sleep(1),
    () => env.activities.mock({}), () => env.skipTimeUntil(Promise.resolve()), () => env.engine.workflows.list(),
  ]) assert.equal((await codeOf(use))[0], 'TEST_ENVIRONMENT_CLOSED')
  const asked: Promise<unknown> = handle.query('state')
  await assert.rejects(asked, { code: 'TEST_ENVIRONMENT_CLOSED' })
  assert.throws(() => env.workflows.getHandle('approval'), { code: 'TEST_ENVIRONMENT_CLOSED' })
})

test('a result that will not come by itself is told to be awaited, once, with what its execution waits for', async (t) => {
  await using env = await TestEnvironment.create({ workflows, activities })
  const { promise: told, resolve } = Promise.withResolvers<string>()
  const warn = t.mock.method(console, 'warn', (text: string) => resolve(text))
  const { promise: stuck, resolve: armed } = Promise.withResolvers<() => void>()
  const timer = t.mock.method(globalThis, 'setTimeout', (call: () => void) => { armed(call) })
  const handle = await env.workflows.start(workflows.waiting, { workflowId: 'waiting' })
  await handle.signal('aproved')
  const result = handle.result()
  const tell = await stuck
  timer.mock.restore()
  tell()
  assert.equal(await told, 'TestEnvironment: a result is awaited, and nothing will happen by itself: '
    + 'no activity runs, and no timer is set.\n'
    + "  'waiting' (waiting): a condition that does not hold; it has no handler for the signal 'aproved', which it was sent")
  await handle.signal(workflows.approve, 'ada')
  assert.equal(await result, 'ada')
  assert.equal(warn.mock.callCount(), 1)
})

test('fake timers that are switched on are refused', async () => {
  const real = globalThis.setImmediate
  globalThis.setImmediate = Object.assign((() => undefined) as unknown as typeof setImmediate, { clock: {} })
  try {
    const [code, message] = await codeOf(() => TestEnvironment.create({ workflows }))
    assert.equal(code, 'TEST_OPTIONS_INVALID')
    assert.match(message, /^Fake timers are switched on/)
  } finally {
    globalThis.setImmediate = real
  }
})
