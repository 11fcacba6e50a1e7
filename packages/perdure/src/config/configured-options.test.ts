import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { createMemoryStore } from '@perdure/testing'
import { type EngineOptions, type FromConfigOptions, resolveOptions, type CheckedOptions } from '../engine-options.ts'
import { configuredOptions } from './configured-options.ts'

interface Given {
  readonly text: string
  readonly env?: NodeJS.ProcessEnv
  readonly overrides?: EngineOptions
}

async function configured(t: TestContext, { text, env = {}, overrides = {} }: Given) {
  const folder = mkdtempSync(join(tmpdir(), 'perdure-options-'))
  t.after(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'perdure.yaml'), text)
  return configuredOptions({ overrides }, { folder, env })
}

/** What an engine is opened with: flag over environment over file over default. */
const precedence: readonly {
  readonly key: string
  readonly variables: readonly string[]
  /** As texts: in the file, in the environment. */
  readonly texts: readonly [string, string]
  readonly override: EngineOptions
  readonly result: (options: CheckedOptions) => unknown
  readonly results: readonly [unset: unknown, file: unknown, environment: unknown, override: unknown]
}[] = [
  {
    key: 'url', variables: ['PERDURE_URL', 'PERDURE_DATABASE', 'DATABASE_URL'],
    texts: ['postgres://file/a', 'postgres://environment/b'], override: { database: 'c.db' },
    result: (options) => options.database, results: ['perdure.db', 'postgres://file/a', 'postgres://environment/b', 'c.db'],
  },
  {
    key: 'namespace', variables: ['PERDURE_NAMESPACE', 'TEMPORAL_NAMESPACE'], texts: ['a', 'b'], override: { namespace: 'c' },
    result: (options) => options.namespace, results: ['default', 'a', 'b', 'c'],
  },
  {
    key: 'task_queue', variables: ['PERDURE_TASK_QUEUE', 'TEMPORAL_TASK_QUEUE'], texts: ['a', 'b'], override: { taskQueue: 'c' },
    result: ({ taskQueue, worker }) => [taskQueue, worker?.taskQueues],
    results: [['default', ['default']], ['a', ['a']], ['b', ['b']], ['c', ['c']]],
  },
  {
    key: 'identity', variables: ['PERDURE_IDENTITY'], texts: ['a', 'b'], override: { identity: 'c' },
    result: ({ identity }) => identity.replace(/^\d+@.*/, 'pid@host'), results: ['pid@host', 'a', 'b', 'c'],
  },
  {
    key: 'worker.enabled', variables: ['PERDURE_WORKER_ENABLED'], texts: ['false', 'true'], override: { worker: false },
    result: ({ worker }) => worker !== undefined, results: [true, false, true, false],
  },
  {
    key: 'worker.task_queues', variables: ['PERDURE_WORKER_TASK_QUEUES'], texts: ['[a, b]', 'c,d'],
    override: { worker: { taskQueues: ['e'] } },
    result: ({ worker }) => worker?.taskQueues, results: [['default'], ['a', 'b'], ['c', 'd'], ['e']],
  },
  {
    key: 'worker.max_concurrent_workflows', variables: ['PERDURE_WORKER_MAX_CONCURRENT_WORKFLOWS'], texts: ['1', '2'],
    override: { worker: { maxConcurrentWorkflows: 3 } },
    result: ({ worker }) => worker?.maxConcurrentWorkflows, results: [10_000, 1, 2, 3],
  },
  {
    key: 'worker.max_concurrent_activities', variables: ['PERDURE_WORKER_MAX_CONCURRENT_ACTIVITIES'], texts: ['1', '2'],
    override: { worker: { maxConcurrentActivities: 3 } },
    result: ({ worker }) => worker?.maxConcurrentActivities, results: [100, 1, 2, 3],
  },
  {
    key: 'worker.max_cached_workflows', variables: ['PERDURE_WORKER_MAX_CACHED_WORKFLOWS'], texts: ['0', '2'],
    override: { worker: { maxCachedWorkflows: 3 } },
    result: ({ worker }) => worker?.maxCachedWorkflows, results: [1_000, 0, 2, 3],
  },
  {
    key: 'worker.shutdown_grace_time', variables: ['PERDURE_WORKER_SHUTDOWN_GRACE_TIME'], texts: ['1 minute', '2000'],
    override: { worker: { shutdownGraceTime: '3s' } },
    result: ({ worker }) => worker?.shutdownGraceMs, results: [5_000, 60_000, 2_000, 3_000],
  },
  {
    key: 'worker.build_id', variables: ['PERDURE_WORKER_BUILD_ID'], texts: ['a', 'b'], override: { worker: { buildId: 'c' } },
    result: ({ worker }) => worker?.buildId, results: [undefined, 'a', 'b', 'c'],
  },
]
for (const { key, variables, texts: [inFile, inEnvironment], override, result, results } of precedence) {
  test(`${key}: an override wins over the environment, that over the file, that over the default`, async (t) => {
    const text = key.split('.').map((part, depth) => `${'  '.repeat(depth)}${part}:`).join('\n') + ` ${inFile}\n`
    const resolved = async (given: Given) => result(resolveOptions((await configured(t, given)).options))
    assert.deepEqual(await resolved({ text: '' }), results[0])
    assert.deepEqual(await resolved({ text }), results[1])
    for (const variable of variables) {
      const env = { [variable]: inEnvironment }
      assert.deepEqual(await resolved({ text, env }), results[2], variable)
      assert.deepEqual(await resolved({ text, env, overrides: override }), results[3], variable)
    }
    // The first of several variables wins.
    for (const later of variables.slice(1)) {
      const env = { [variables[0] ?? '']: inEnvironment, [later]: 'postgres://late' }
      assert.deepEqual(await resolved({ text, env }), results[2], later)
    }
  })
}

test('overrides of the worker win one by one, and bring it back', async (t) => {
  const text = 'worker: { enabled: false, max_concurrent_activities: 5, build_id: a }'
  assert.equal((await configured(t, { text })).options.worker, false)
  const { worker } = (await configured(t, { text, overrides: { worker: { buildId: 'b' } } })).options
  assert.deepEqual(worker, { maxConcurrentActivities: 5, buildId: 'b' })
})

test('an override that is undefined leaves the configuration as it is', async (t) => {
  const text = 'url: a.db\nnamespace: shop\nworker: { enabled: false, task_queues: [orders] }'
  const none = { database: undefined, namespace: undefined, worker: undefined } as unknown as EngineOptions
  const { database, namespace, worker } = (await configured(t, { text, overrides: none })).options
  assert.match(database ?? '', /a\.db$/)
  assert.deepEqual([namespace, worker], ['shop', false])
  const inWorker = { worker: { taskQueues: undefined, buildId: 'b' } } as unknown as EngineOptions
  assert.deepEqual((await configured(t, { text, overrides: inWorker })).options.worker, { taskQueues: ['orders'], buildId: 'b' })
})

test('a store given in the code takes the place of the database', async (t) => {
  const { options } = await configured(t, { text: 'url: a.db\nnamespace: shop', overrides: { store: createMemoryStore() } })
  assert.equal(resolveOptions(options).namespace, 'shop')
})

test('the log has the level and the form of the configuration, unless a logger is given', async (t) => {
  const written: string[] = []
  const write = t.mock.method(process.stderr, 'write', (line: string) => written.push(line) > 0)
  const logged = async (given: Given) => {
    written.length = 0
    const { logger } = (await configured(t, given)).options
    logger?.debug('one', { workflowId: 'w' })
    logger?.warn('two')
    return written.map((line) => line.replace(/^\[\S+Z\] /, ''))
  }
  const text = 'logging: { level: debug, format: text }'
  assert.deepEqual(await logged({ text: 'logging: { format: text }' }), ['WARN: two\n'])
  assert.deepEqual(await logged({ text }), ['DEBUG: one {"workflowId":"w"}\n', 'WARN: two\n'])
  assert.deepEqual(await logged({ text, env: { PERDURE_LOG_LEVEL: 'Silent' } }), [])
  const [json] = await logged({ text: 'logging: { format: json }' })
  assert.equal((JSON.parse(json ?? '') as { msg: string }).msg, 'two')
  const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
  assert.deepEqual(await logged({ text: '', overrides: { logger: silent } }), [])
  write.mock.restore()
})

test('enabled: false says where it was said', async (t) => {
  assert.equal((await configured(t, { text: 'enabled: true' })).disabled, undefined)
  const inFile = (await configured(t, { text: 'enabled: false' })).disabled?.()
  assert.equal(inFile?.code, 'ENGINE_DISABLED')
  assert.match(inFile?.message ?? '', /'enabled' is false in perdure\.yaml:1:10; set it to true/)
  const inEnvironment = (await configured(t, { text: 'enabled: true', env: { PERDURE_ENABLED: '0' } })).disabled?.()
  assert.match(inEnvironment?.message ?? '', /'enabled' is false in \$PERDURE_ENABLED/)
})

const wrong: readonly (readonly [given: unknown, message: RegExp])[] = [
  [{ pth: 'x' }, /Unknown option 'pth' of Engine\.fromConfig\(\); did you mean 'path'/],
  [{ database: 'x' }, /Unknown option 'database' of Engine\.fromConfig\(\); give options of Engine\.open\(\) as overrides/],
  [{ path: 5 }, /of a wrong type; give a path/],
  [{ overrides: 'x' }, /of a wrong type/],
  [null, /of a wrong type/],
  [7, /of a wrong type/],
]
for (const [given, message] of wrong) {
  test(`Engine.fromConfig() refuses ${JSON.stringify(given)}`, async () => {
    await assert.rejects(configuredOptions(given as FromConfigOptions, { env: {} }), { code: 'ENGINE_OPTIONS_INVALID', message })
  })
}
