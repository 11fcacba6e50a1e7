import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test, type TestContext } from 'node:test'
import { inspect } from 'node:util'
import { ConfigurationError, Engine, type FromConfigOptions } from 'perdure'
import { foreignVariable } from './cli-process.ts'

async function greeting(name: string): Promise<string> {
  return `Hello, ${name}!`
}

/** A folder with a configuration; what the environment of the tests says is out of the way. */
function written(t: TestContext, text: string, env: Readonly<Record<string, string>> = {}): { folder: string; path: string } {
  const folder = mkdtempSync(join(tmpdir(), 'perdure-from-config-'))
  const before = { ...process.env }
  t.after(() => {
    process.env = before
    rmSync(folder, { recursive: true })
  })
  for (const name of Object.keys(process.env).filter((each) => foreignVariable.test(each))) delete process.env[name]
  Object.assign(process.env, env)
  const path = join(folder, 'perdure.yaml')
  writeFileSync(path, text)
  return { folder, path }
}

async function opened(t: TestContext, given: string | FromConfigOptions): Promise<Engine> {
  const engine = await Engine.fromConfig(given)
  // Hooks run in the order in which they were made; the folder must not go before the engine.
  t.after(() => engine.stop())
  return engine
}

suite('Engine.fromConfig', () => {
  test('opens an engine that runs workflows, with the settings of the file and of the environment', async (t) => {
    const { folder, path } = written(t, `
temporal:
  enabled: true
  url: \${FOLDER_NAME:-orders}.db
  namespace: shop
  task_queue: orders
  worker:
    enabled: true
    max_concurrent_activities: 100
    max_concurrent_workflows: 100
`, { PERDURE_NAMESPACE: 'market', FOLDER_NAME: '' })
    await assert.rejects(Engine.fromConfig(path), { code: 'NAMESPACE_NOT_FOUND' })
    const first = await Engine.fromConfig({ path, overrides: { namespace: 'default', worker: false } })
    await first.namespaces.create('market')
    await first.stop()
    const engine = await Engine.fromConfig(path)
    try {
      engine.workflows.register({ greeting })
      await engine.start()
      assert.equal(await engine.workflows.execute(greeting, { args: ['Ada'], timeout: '20 seconds' }), 'Hello, Ada!')
      const { status, enabled, server_url: url, namespace, task_queue: taskQueue, worker_running: isRunning } = await engine.health()
      assert.deepEqual([status, enabled, url, namespace, taskQueue, isRunning],
        ['healthy', true, join(folder, 'orders.db'), 'market', 'orders', true])
    } finally {
      await engine.stop()
    }
  })

  test('lets overrides win, and makes a producer where the worker is not enabled', async (t) => {
    const { path } = written(t, 'url: ":memory:"\nworker: { enabled: false }\nnamespace: shop\n')
    const producer = await opened(t, path)
    assert.equal((await producer.health()).worker_enabled, false)
    const engine = await opened(t, { path, overrides: { namespace: 'market', worker: {} } })
    const { worker_enabled: hasWorker, namespace } = await engine.health()
    assert.deepEqual([hasWorker, namespace], [true, 'market'])
  })

  test('finds the file of PERDURE_CONFIG, and does without a file', async (t) => {
    const { folder, path } = written(t, 'url: ":memory:"\nidentity: configured')
    process.env['PERDURE_CONFIG'] = path
    assert.equal((await (await opened(t, {})).health()).identity, 'configured')
    const home = process.cwd()
    t.after(() => process.chdir(home))
    process.chdir(folder)
    rmSync(path)
    delete process.env['PERDURE_CONFIG']
    process.env['DATABASE_URL'] = ':memory:'
    const engine = await Engine.fromConfig()
    t.after(() => engine.stop())
    assert.equal((await engine.health()).namespace, 'default')
  })

  test('refuses a wrong file with its place, and opens nothing', async (t) => {
    const { folder, path } = written(t, 'url: orders.db\nworker:\n  max_concurrent_activities: 0\n')
    const error: unknown = await Engine.fromConfig(path).catch((thrown: unknown) => thrown)
    assert.ok(error instanceof ConfigurationError)
    assert.deepEqual([error.code, error.file, error.line, error.column], ['CONFIG_VALUE_INVALID', path, 3, 30])
    assert.equal(existsSync(join(folder, 'orders.db')), false)
    await assert.rejects(Engine.fromConfig(join(folder, 'none.yaml')), { code: 'CONFIG_NOT_FOUND' })
  })

  test('takes limits of queues', async (t) => {
    const { path } = written(t, 'url: ":memory:"\nqueues:\n  default: { max_concurrent_activities: 2, activities_per_second: 5 }\n')
    const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
    const engine = await opened(t, { path, overrides: { logger: silent } })
    assert.equal((await engine.health()).connected, true)
    await engine.start()
    assert.equal((await engine.taskQueues.describe()).limits.activitiesPerSecond, 5)
  })
})

suite('an engine that is not enabled', () => {
  test('fails every call with the setting and its place, and opens nothing', async (t) => {
    const { folder, path } = written(t, 'enabled: false\nurl: orders.db\n')
    const engine = await opened(t, path)
    engine.workflows.register({ greeting })
    engine.activities.register({ greeting })
    await engine.start()
    const { register: _register, getHandle, ...calls } = engine.workflows
    const message = `The engine is disabled: 'enabled' is false in ${path}:1:10; set it to true, or leave it out`
    const disabled = { code: 'ENGINE_DISABLED', message }
    assert.ok(Object.keys(calls).length >= 10)
    for (const [name, call] of Object.entries(calls)) {
      await assert.rejects((call as (...args: unknown[]) => Promise<unknown>)('order-7'), disabled, name)
    }
    assert.throws(() => getHandle('order-7'), disabled)
    assert.equal(existsSync(join(folder, 'orders.db')), false)
  })

  test('may be handed about in parts: awaited, logged, written as JSON', async (t) => {
    const { path } = written(t, 'enabled: false\n')
    const engine = await opened(t, path)
    for (const part of [engine.namespaces, engine.taskQueues, engine.workers]) {
      assert.equal(await Promise.race([Promise.resolve(part).then((same) => same === part), new Promise(setImmediate)]), true)
      assert.equal(JSON.stringify(part), '{}')
      assert.equal(inspect(part), '{}')
      await assert.rejects((part as unknown as { list(): Promise<unknown> }).list(), { code: 'ENGINE_DISABLED' })
    }
  })

  test('is degraded, and starts and stops without harm, in any order', async (t) => {
    const { path } = written(t, 'enabled: false\nurl: postgres://app:secret@127.0.0.1:1/app\nnamespace: shop\n')
    const engine = await opened(t, path)
    engine.workflows.register({ greeting })
    await engine.start()
    assert.equal(engine.isReady, false)
    const { latency_ms: _latency, identity: _identity, ...health } = await engine.health()
    assert.match(health.error ?? '', /^The engine is disabled/)
    assert.ok(!JSON.stringify(health).includes('secret'))
    assert.deepEqual({ ...health, error: '', server_url: '' }, {
      status: 'degraded', enabled: false, connected: false, server_url: '', store: 'postgres', pooler: null,
      direct_connection: false, namespace: 'shop', task_queue: 'default', worker_enabled: false, worker_running: false,
      task_queues: [], executions: 0, activities: 0, activities_registered: [], workflows_registered: ['greeting'], error: '',
    })
    await engine.stop()
    await engine.stop()
    await engine.start()
    engine.workflows.register({ greeting })
    assert.equal(engine.isReady, false)
    await assert.rejects(engine.workflows.start(greeting, { args: ['Ada'] }), { code: 'ENGINE_DISABLED' })
  })
})
