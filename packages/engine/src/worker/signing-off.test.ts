/** A worker that leaves, or starts over, counts as alive no more: what it had is nobody's, and nothing of it counts as a takeover. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from '../../test/manual-clock.ts'
import { namespace, openStage, type Stage } from '../../test/worker-stage.ts'
import { busyRetryMsMax, busyWaitMs } from '../limits.ts'
import { StoreBusyError, StoreOutcomeUnknownError, StoreUnavailableError } from '../ports/store-error.ts'
import type { Incarnation } from '../protocol/ids.ts'
import { signOff } from './sign-off.ts'

async function alive(stage: Stage): Promise<number> {
  return (await stage.store.listWorkers(namespace)).filter((worker) => worker.alive).length
}

/** Fails so often, before anything is done; answers how often it was called. */
function failing(stage: Stage, name: 'retireWorker' | 'keepLease', times: number, error: Error): () => number {
  let calls = 0
  const call = stage.store[name].bind(stage.store) as (...args: unknown[]) => Promise<never>
  Object.assign(stage.store, { [name]: async (...args: unknown[]) => {
    if (++calls <= times) throw error
    return call(...args)
  } })
  return () => calls
}

test('a row that is locked for a moment does not keep it from signing off', async (t) => {
  const stage = openStage(t, { workflows: {} })
  const { worker } = await stage.addWorker()
  const calls = failing(stage, 'retireWorker', 2, new StoreBusyError('A row is locked'))
  await worker.stop()
  assert.deepEqual([calls(), await alive(stage)], [3, 0])
  assert.deepEqual(stage.logged, [])
})

test('a database that is away does not keep the process: it says so, and ends', async (t) => {
  const stage = openStage(t, { workflows: {} })
  const { worker } = await stage.addWorker()
  const calls = failing(stage, 'retireWorker', 100, new StoreUnavailableError('It is away'))
  await worker.stop()
  assert.equal(calls(), 1)
  assert.deepEqual(stage.logged, ['warn The worker could not sign off'])
})

test('a row that stays locked is given up, and told', async (t) => {
  const { store } = openStage(t, { workflows: {} })
  store.retireWorker = () => Promise.reject(new StoreBusyError('A row is locked'))
  const clock = new ManualClock()
  const warned = t.mock.fn()
  const logger = { debug() {}, info() {}, warn: warned, error() {} }
  const signedOff = signOff({ store, clock, logger }, 1 as Incarnation)
  await clock.advance(busyWaitMs + busyRetryMsMax)
  await signedOff
  assert.deepEqual(warned.mock.calls.map((call) => call.arguments[0]), ['The worker could not sign off'])
})

test('a worker that registered and could not begin leaves nobody behind, whether it tries again or stops', async (t) => {
  for (const times of [1, 1_000]) {
    const stage = openStage(t, { workflows: {} })
    const calls = failing(stage, 'keepLease', times, new StoreUnavailableError('The lease cannot be kept'))
    const { worker } = await stage.addWorker()
    const triesAgain = times === 1 ? () => worker.status().running : () => calls() > 1
    while (!triesAgain()) await new Promise(setImmediate)
    assert.ok(await alive(stage) <= 1, 'the first still counts as alive')
    await worker.stop()
    assert.equal(await alive(stage), 0)
  }
})

test('a worker that stops while it starts over signs off as the one that it was', async (t) => {
  const stage = openStage(t, { workflows: {} })
  const { worker } = await stage.addWorker()
  const stopped = Promise.withResolvers<void>()
  stage.logged.push = (line) => {
    if (line.includes('starts over')) void worker.stop().then(stopped.resolve)
    return 0
  }
  stage.onClaim = () => Promise.reject(new StoreOutcomeUnknownError('The connection broke'))
  worker.kick()
  await stopped.promise
  assert.equal(await alive(stage), 0)
})
