/** Replay takes the code as the engine runs it: with its interceptors, and with the errors that fail a workflow. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Engine, type EngineOptions } from 'perdure'
import { NondeterminismError, runReplayHistories, runReplayHistory, TestEnvironment } from 'perdure/testing'
import { continueAsNew, sleep, type WorkflowInterceptors, workflowInfo } from 'perdure/workflow'

async function broken(): Promise<void> {
  await sleep(1)
  throw new TypeError('of a mistake')
}

async function nap(): Promise<string> {
  await sleep(1)
  return 'rested'
}

const napping = (): WorkflowInterceptors => ({
  inbound: [{ execute: async (input, next) => { await sleep(2); return next(input) } }],
})

async function opened(options: EngineOptions): Promise<Engine> {
  const engine = await Engine.open({ database: ':memory:', logger: { debug() {}, info() {}, warn() {}, error() {} }, ...options })
  engine.workflows.register({ broken, nap })
  await engine.start()
  return engine
}

async function all<T>(results: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const each of results) found.push(each)
  return found
}

test('replayOpen fails an execution with the errors that fail it on the worker, and with no others', async () => {
  await using engine = await opened({ worker: { workflowFailureErrorTypes: {} } })
  const handle = await engine.workflows.start(broken, { workflowId: 'broken' })
  while ((await handle.describe()).held === undefined) await new Promise((resolve) => setImmediate(resolve))
  const results = await all(engine.workflows.replayOpen())
  assert.deepEqual(results.map(({ workflowId, error }) => [workflowId, error?.message]), [['broken', 'of a mistake']])
})

test('a history of an engine with interceptors replays with them, and not without', async () => {
  const interceptors = { workflow: [napping] }
  await using engine = await opened({ interceptors })
  await engine.workflows.execute(nap, { workflowId: 'nap' })
  const history = await engine.workflows.fetchHistory('nap')
  await runReplayHistory({ workflows: { nap }, interceptors }, history)
  const [result] = await all(runReplayHistories({ workflows: { nap }, interceptors }, [{ history }]))
  assert.equal(result?.error, undefined)
  await assert.rejects(runReplayHistory({ workflows: { nap } }, history), NondeterminismError)
})

test('runReplayHistory holds an execution with the errors that hold it on the worker', async () => {
  await using engine = await opened({})
  await engine.workflows.execute(broken, { workflowId: 'broken' }).catch(() => undefined)
  const history = await engine.workflows.fetchHistory('broken')
  await runReplayHistory({ workflows: { broken } }, history)
  await assert.rejects(runReplayHistory({ workflows: { broken }, workflowFailureErrorTypes: {} }, history), { message: 'of a mistake' })
})

test('bad input: options of runReplayHistory that nobody knows are told', async () => {
  const options = { workflows: { nap }, interceptor: [] } as never
  await assert.rejects(runReplayHistory(options, { events: [] }), {
    code: 'OPTIONS_INVALID', message: "runReplayHistory() knows no option 'interceptor'; did you mean 'interceptors'?",
  })
  await assert.rejects(all(runReplayHistories(options, [{ history: { events: [] } }])), /knows no option 'interceptor'/)
})

test('a TestEnvironment runs and replays with the errors that fail a workflow on the worker', async () => {
  const env = await TestEnvironment.create({ workflows: { broken }, workflowFailureErrorTypes: { broken: ['RangeError'] } })
  await assert.rejects(env.workflows.execute(broken, { workflowId: 'broken' }), { code: 'EXECUTION_HELD', message: /of a mistake/ })
  await env.teardown()
  await assert.rejects(TestEnvironment.create({ workflowFailureErrorTypes: { '*': 'Error' } as never }), {
    message: /workflowFailureErrorTypes of the worker for '\*' are 'Error'; give a list/,
  })
})

let rounds = 0
/** It goes on in another way each time that it is run. */
async function unsteady(): Promise<void> {
  await sleep(1)
  if (rounds++ === 0) await continueAsNew<typeof unsteady>()
}

let naps = 0
async function unsteadyNap(): Promise<void> {
  await sleep(1)
  if (naps++ === 0) await sleep('30 days')
}

let failures = 0
async function unsteadyFailure(): Promise<void> {
  await sleep(1)
  throw new Error(`failure ${++failures}`)
}

async function onward(round: number): Promise<number> {
  await sleep(1)
  if (round < 2) await continueAsNew<typeof onward>(round + 1)
  return round + workflowInfo().attempt
}

test('a run that continued as new, and ends otherwise when it is replayed, is found when the environment is closed', async () => {
  const env = await TestEnvironment.create({ workflows: { unsteady } })
  await env.workflows.execute(unsteady, { workflowId: 'unsteady' })
  const message = /expected {2}the workflow ends here \(continuedAsNew\)\n {2}got {7}the workflow ended \(completed\)/
  await assert.rejects(env.teardown(), { code: 'NONDETERMINISM', message })
  const steady = await TestEnvironment.create({ workflows: { onward } })
  assert.equal(await steady.workflows.execute(onward, { workflowId: 'onward', args: [0] }), 3)
  await steady.teardown()
})

test('an execution that waits, and ends when it is replayed, is found when the environment is closed', async () => {
  const env = await TestEnvironment.create({ workflows: { unsteadyNap } })
  await env.workflows.start(unsteadyNap, { workflowId: 'unsteady' })
  await env.sleep('1 day')
  await assert.rejects(env.teardown(), {
    code: 'NONDETERMINISM', message: /expected {2}the workflow waits here\n {2}got {7}the workflow ended \(completed\)/,
  })
})

test('a workflow that fails with something else when it is replayed is found when the environment is closed', async () => {
  const env = await TestEnvironment.create({ workflows: { unsteadyFailure } })
  await assert.rejects(env.workflows.execute(unsteadyFailure, { workflowId: 'unsteady' }))
  const message = /expected {2}the failure \{.*"message":"failure 1".*\}\n {2}got {7}the failure \{.*"message":"failure 2"/
  await assert.rejects(env.teardown(), { code: 'NONDETERMINISM', message })
})
