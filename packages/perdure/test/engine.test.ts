import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { Engine, type EngineOptions, WorkflowFailedError } from 'perdure'
import { createMemoryStore } from 'perdure/testing'
import { ActivityFailure, condition, defineQuery, defineSignal, proxyActivities, setHandler } from 'perdure/workflow'

const activities = {
  async greet(name: string): Promise<string> {
    return `Hello, ${name}!`
  },
  async refuse(): Promise<void> {
    throw new Error('no')
  },
}

const { greet, refuse } = proxyActivities<typeof activities>({ startToCloseTimeout: '5 seconds', retry: { maximumAttempts: 1 } })
const approve = defineSignal<[by: string]>('approve')
const approver = defineQuery<string | null>('approver')

async function greeting(name: string): Promise<string> {
  return greet(name)
}

async function refused(): Promise<void> {
  await refuse()
}

async function approval(): Promise<string> {
  let by: string | null = null
  setHandler(approver, () => by)
  setHandler(approve, (name) => {
    by = name
  })
  await condition(() => by !== null)
  return `approved by ${by}`
}

suite('an engine with a worker', () => {
  let engine: Engine

  before(async () => {
    engine = await Engine.open({ store: createMemoryStore() })
    engine.workflows.register({ greeting, refused, approval })
    engine.activities.register(activities)
    await engine.start()
  })
  after(() => engine.stop())

  test('a workflow is executed with its result', async () => {
    assert.equal(await engine.workflows.execute(greeting, { workflowId: 'greeting', args: ['Ada'] }), 'Hello, Ada!')
    assert.equal((await engine.workflows.getStatus('greeting')).status, 'COMPLETED')
    const events = await engine.workflows.history('greeting')
    assert.deepEqual(events.map((event) => event.eventType), [
      'WorkflowExecutionStarted', 'ActivityTaskScheduled', 'ActivityTaskStarted', 'ActivityTaskCompleted', 'WorkflowExecutionCompleted',
    ])
  })

  test('a failure arrives with its chain of causes', async () => {
    const error: unknown = await engine.workflows.execute(refused).catch((thrown: unknown) => thrown)
    assert.ok(error instanceof WorkflowFailedError)
    assert.equal(error.code, 'WORKFLOW_FAILED')
    assert.ok(error.cause instanceof ActivityFailure)
    assert.equal(error.cause.cause?.message, 'no')
  })

  test('a running workflow is asked and signalled', async () => {
    const handle = await engine.workflows.start(approval, { workflowId: 'approval' })
    assert.equal(await handle.query(approver), null)
    await handle.signal(approve, 'Grace')
    assert.equal(await handle.result(), 'approved by Grace')
    assert.equal(await handle.query(approver), 'Grace')
  })
})

suite('engines on one database', () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'perdure-engine-'))
  })
  after(() => rmSync(folder, { recursive: true }))

  async function opened(t: { after(call: () => Promise<void>): void }, options: EngineOptions): Promise<Engine> {
    const engine = await Engine.open({ database: join(folder, 'engines.db'), ...options })
    t.after(() => engine.stop())
    return engine
  }

  for (const hints of [true, false]) {
    test(`a producer starts, signals, asks and waits through the file, with hints ${hints ? 'on' : 'off'}`, async (t) => {
      const producer = await opened(t, { worker: false, hints })
      const id = `approval ${hints}`
      const handle = await producer.workflows.start(approval, { workflowId: id })
      const worker = await opened(t, { hints, worker: { tickMs: 50 } })
      worker.workflows.register({ approval })
      await worker.start()
      assert.equal(await producer.workflows.query(id, approver), null)
      await producer.workflows.signal(id, approve, 'Grace')
      assert.equal(await handle.result({ timeout: '20 seconds' }), 'approved by Grace')
      assert.equal(await producer.workflows.getResult(handle.runId), 'approved by Grace')
      assert.equal((await producer.health()).worker_enabled, false)
    })
  }

  test('before start an engine takes work that it runs after start', async (t) => {
    const engine = await opened(t, { taskQueue: 'early', worker: { tickMs: 50 } })
    engine.workflows.register({ greeting })
    engine.activities.register(activities)
    assert.equal(engine.isReady, false)
    const handle = await engine.workflows.start(greeting, { args: ['Ada'] })
    assert.equal((await handle.getStatus()).status, 'RUNNING')
    await engine.start()
    assert.equal(engine.isReady, true)
    assert.equal(await handle.result(), 'Hello, Ada!')
  })

  test('a stopped engine refuses all calls, and says so to who waits', async (t) => {
    const engine = await opened(t, { worker: false, taskQueue: 'nobody' })
    const handle = await engine.workflows.start('approval')
    const waiting = assert.rejects(handle.result(), { code: 'ENGINE_STOPPED' })
    await engine.stop()
    await waiting
    const stopped = { code: 'ENGINE_STOPPED' }
    await assert.rejects(engine.start(), stopped)
    await assert.rejects(engine.workflows.start('approval'), stopped)
    await assert.rejects(engine.workflows.describe('x'), stopped)
    assert.throws(() => engine.workflows.register({ approval }), stopped)
    const { status, connected, enabled } = await engine.health()
    assert.deepEqual([status, connected, enabled, engine.isReady], ['degraded', false, true, false])
  })

  test('a process ends by itself once its engine is stopped', () => {
    const program = `
      import { Engine } from 'perdure'
      const engine = await Engine.open({ database: ${JSON.stringify(join(folder, 'ends.db'))} })
      engine.workflows.register('answer', async () => 42)
      await engine.start()
      console.log(await engine.workflows.execute('answer'))
      await engine.stop()
    `
    const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: import.meta.dirname, encoding: 'utf8', timeout: 30_000,
    })
    assert.deepEqual([stdout, stderr, status], ['42\n', '', 0])
  })

  test('whoever opens what cannot be opened is told where it lies', async () => {
    const database = join(folder, 'no', 'such', 'file.db')
    await assert.rejects(Engine.open({ database }), { code: 'STORE_UNAVAILABLE', message: /no.such/ })
    await assert.rejects(Engine.open({ database: 'postgres://127.0.0.1:1/none' }), { code: 'STORE_UNAVAILABLE', message: /127\.0\.0\.1:1/ })
  })
})

test('in workflow code the client is refused, with what to do instead', async () => {
  await using engine = await Engine.open({ database: ':memory:' })
  engine.workflows.register('meddling', async () => {
    return engine.workflows.start('meddling').then(() => 'started', (error: Error) => error.message)
  })
  await engine.start()
  const said = await engine.workflows.execute('meddling', { timeout: '20 seconds' })
  assert.match(String(said), /engine\.workflows\.start\(\).*call it in an activity/)
})
