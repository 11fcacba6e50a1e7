import assert from 'node:assert/strict'
import { hostname } from 'node:os'
import { test } from 'node:test'
import { createMemoryStore } from '@perdure/testing'
import type { Duration } from '@perdure/workflow'
import { type EngineOptions, resolveOptions } from './engine-options.ts'

test('which errors fail a workflow is checked', () => {
  const workflowFailureErrorTypes = { '*': ['RangeError'], orderProcessing: ['Error'] }
  assert.deepEqual(resolveOptions({ worker: { workflowFailureErrorTypes } }).worker?.workflowFailureErrorTypes, workflowFailureErrorTypes)
  assert.throws(() => resolveOptions({ worker: { workflowFailureErrorTypes: { '*': 'Error' } as never } }), {
    code: 'ENGINE_OPTIONS_INVALID', message: /workflowFailureErrorTypes of the worker for '\*' are 'Error'; give a list/,
  })
})

test('what is left out has its default', () => {
  const { logger: _logger, ...options } = resolveOptions({})
  const identity = `${process.pid}@${hostname()}`
  assert.deepEqual(options, {
    database: 'perdure.db', isDefaultDatabase: true,
    store: undefined, notifier: undefined, namespace: 'default', taskQueue: 'default', identity, hints: true,
    interceptors: { client: [], workflow: [], activity: [] }, queryRejectCondition: 'NONE', onMetric: undefined,
    payloadCodecs: [], values: undefined,
    worker: {
      namespace: 'default', identity, taskQueues: ['default'], buildId: undefined,
      maxConcurrentWorkflows: 10_000, maxConcurrentActivities: 100, maxCachedWorkflows: 1_000, maxCachedBytes: 256 * 2 ** 20,
      activitiesPerSecond: undefined, queues: new Map(), queueRates: new Map(),
      shutdownGraceMs: 5_000, tickMs: 1_000, leaseMs: 5_000, workflowFailureErrorTypes: undefined,
    },
  })
})

test('the worker serves the queue of the engine, or its own ones, each once', () => {
  assert.deepEqual(resolveOptions({ taskQueue: 'q' }).worker?.taskQueues, ['q'])
  assert.deepEqual(resolveOptions({ taskQueue: 'q', worker: { taskQueues: ['a', 'b', 'a'] } }).worker?.taskQueues, ['a', 'b'])
  assert.equal(resolveOptions({ worker: false }).worker, undefined)
})

class Mine {
  readonly name = 'mine'
}

const invalid: readonly (readonly [given: unknown, message: RegExp])[] = [
  [{ databse: 'x' }, /'databse'.*did you mean 'database'/], [{ plugins: [] }, /'plugins'.*Perdure does not yet/],
  [{ interceptors: { activities: [] } }, /'activities' of interceptors.*did you mean 'activity'/],
  [{ interceptors: { workflow: [{}] } }, /interceptors.workflow .* no list of functions/],
  [{ interceptors: { activity: {} } }, /interceptors.activity .* no list of functions/],
  [{ interceptors: { client: { workflow: [() => undefined] } } }, /interceptors.client.workflow .* no list of objects/],
  [{ dataConverter: { codecs: [] } }, /'codecs' of dataConverter/],
  [{ dataConverter: { payloadConverter: { toPayload: () => ({}) } } }, /payloadConverter .* lacks the method toPayload or fromPayload/],
  [{ dataConverter: { failureConverter: { errorToFailure: () => ({}) } } }, /failureConverter .* method errorToFailure or failureToError/],
  [{ dataConverter: { failureConverter: 'mine' } }, /The option failureConverter of dataConverter .* is 'mine'; give an object/],
  [{ dataConverter: { failureConverterPath: './mine' } }, /takes no failureConverterPath: .* pass the object as failureConverter/],
  [{ dataConverter: { payloadCodecs: {} } }, /dataConverter.payloadCodecs .* no list of codecs/],
  [{ dataConverter: { payloadCodecs: [{ encode: async () => [] }] } }, /lacks the method encode or decode/],
  [{ dataConverter: { failureConverter: Mine } },
    /is the class Mine, not one of its instances \(new Mine\(\.\.\.\)\); give an object$/],
  [{ dataConverter: { payloadCodecs: [Mine] } }, /no list of codecs: it has the class Mine, not one of its instances/],
  [{ payloadConverter: {} }, /'payloadConverter' of Engine\.open\(\); it stands in dataConverter/],
  [{ workflowsPath: './workflows' }, /'workflowsPath' .*; nothing is bundled; pass the functions: engine\.workflows\.register/],
  [{ connection: {} }, /'connection' .*; there is no server to connect to; name the database/],
  [{ maxConcurrentActivities: 5 },
    /'maxConcurrentActivities' of Engine\.open\(\); it is one of the worker: worker: \{ maxConcurrentActivities \}/],
  [{ worker: { maxConcurrentActivityTaskExecutions: 5 } }, /; it is maxConcurrentActivities here/],
  [{ worker: { namespace: 'a' } }, /; it stands beside the worker: Engine\.open\(\{ namespace \}\)/],
  [{ interceptors: { workflowModules: ['./a'] } }, /'workflowModules' .*; nothing is bundled; pass the functions/],
  [{ worker: { workflowFailureErrorTypes: ['Mine'] } }, /are a list; say for which workflows: .* \{ '\*': \['Error'\] \}/],
  [{ worker: { workflowFailureErrorTypes: { '*': [Mine] } } }, /for '\*' hold the class Mine, .*; give a list of the names/],
  [{ queryRejectCondition: 'CLOSED' }, /queryRejectCondition .* 'CLOSED'; give one of NONE, NOT_OPEN/],
  [{ database: 7 }, /database.*7.*text/],
  [{ database: '' }, /empty/],
  [{ database: 'mysql://root:secret@host/db' }, /'mysql:\/\/'.*postgres:\/\//],
  [{ database: 'postgres//root:secret@host/db' }, /'postgres\/\/', without the colon of a URL; .*postgres:\/\//],
  [{ database: 'x.db', store: createMemoryStore() }, /not both/],
  [{ notifier: {} }, /only together with a store/],
  [{ namespace: '' }, /namespace.*empty/],
  [{ hints: 'no' }, /hints.*'no'.*true or false/],
  [{ logger: null }, /logger.*null.*object/],
  [{ worker: true }, /worker.*true/],
  [{ worker: null }, /worker.*null/],
  [{ worker: { maxConcurentActivities: 5 } }, /did you mean 'maxConcurrentActivities'/],
  [{ worker: { activitiesPerSecond: 0 } }, /activitiesPerSecond of the worker is 0; give a number above 0/],
  [{ worker: { maxCachedMegabytes: 0 } }, /maxCachedMegabytes.*0.*at least 1/],
  [{ queues: { mails: { activitiesPerSecond: Infinity } } }, /activitiesPerSecond of the queue 'mails'/],
  [{ queues: { mails: { maxConcurrentWorkflows: -1 } } }, /maxConcurrentWorkflows of the queue 'mails' is -1/],
  [{ queues: { mails: { maxActivities: 1 } } }, /Unknown option 'maxActivities' of the queue 'mails'/],
  [{ worker: { maxConcurrentActivities: 0 } }, /maxConcurrentActivities.*0.*at least 1/],
  [{ worker: { maxCachedWorkflows: -1 } }, /maxCachedWorkflows.*-1.*at least 0/],
  [{ worker: { taskQueues: [] } }, /taskQueues/],
  [{ worker: { taskQueues: 'q' } }, /taskQueues.*'q'/],
  [null, /null/],
  ['orders.db', /'orders.db'/],
]

for (const [given, message] of invalid) {
  test(`refused with a remedy: ${message.source}`, () => {
    assert.throws(() => resolveOptions(given as EngineOptions), { code: 'ENGINE_OPTIONS_INVALID', message })
  })
}

const unstorable: readonly (readonly [given: EngineOptions, message: RegExp])[] = [
  [{ taskQueue: 'a\0b' }, /taskQueue of Engine\.open\(\) .* has a NUL/],
  [{ taskQueue: 'x'.repeat(1_001) }, /taskQueue of Engine\.open\(\) .* has 1001 characters/],
  [{ identity: 'a\0b' }, /identity of Engine\.open\(\) .* has a NUL/],
  [{ worker: { buildId: 'a\0b' } }, /buildId of the worker .* has a NUL/],
  [{ worker: { taskQueues: ['a', '\ud800'] } }, /task queue of the worker .* not well-formed/],
  [{ queues: { '': { maxConcurrentActivities: 1 } } }, /name of a queue of Engine\.open\(\) '' is empty/],
  [{ queues: { 'a\0b': {} } }, /name of a queue of Engine\.open\(\) .* has a NUL/],
]

for (const [given, message] of unstorable) {
  test(`a name that no database stores is refused at once, not by a worker that never starts: ${message.source}`, () => {
    assert.throws(() => resolveOptions(given), { code: 'ID_INVALID', message })
  })
}

test('a wrong URL is told without its password, and a wrong grace time as a duration', () => {
  const wrong = ['mysql://root:secret@host/db', 'postgres:/root:secret@host/db', 'postgresql:root:secret@host', 'postgres//me:secret@host']
  for (const database of wrong) {
    assert.throws(() => resolveOptions({ database }), (error: Error) => !error.message.includes('secret'))
  }
  assert.throws(() => resolveOptions({ worker: { shutdownGraceTime: 'soon' as Duration } }), { code: 'DURATION_INVALID' })
})
