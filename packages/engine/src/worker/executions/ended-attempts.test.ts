/** Attempts that have ended while what became of them is not known yet: their row, or their cancellation, is in a commit. */
import assert from 'node:assert/strict'
import { suite, test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import {
  CancellationScope, defineSignal, DeterminismViolationError, getExternalWorkflowHandle, proxyActivities, setHandler, sleep,
} from '@perdure/workflow'
import { heartbeat } from '@perdure/workflow/activity'
import { answerInstead, namespace, openStage, type Stage } from '../../../test/worker-stage.ts'
import { StoreRejectedError } from '../../ports/store-error.ts'
import { encodeEvent } from '../../protocol/event-codec.ts'
import { encodeFailure } from '../../protocol/failure-codec.ts'
import { encodeArguments } from '../../protocol/payload-codec.ts'
import type { CommitBatch } from '../../protocol/transition.ts'

type Names = 'first' | 'flaky' | 'go' | 'last'
type Gate = PromiseWithResolvers<void>

const stop = defineSignal('stop')
const { first, flaky, go, last } = proxyActivities<Record<Names, () => Promise<string>>>({
  startToCloseTimeout: '1 minute', retry: { initialInterval: '1 hour' },
})

interface Scene {
  readonly stage: Stage
  readonly gates: Readonly<Record<Names, Gate>>
  /** The scope of `flaky` was cancelled. */
  readonly isCancelled: Gate
  /** The activation after it has failed, where it is to. */
  readonly hasFailed: Gate
}

/** `flaky` sends a heartbeat and fails while a commit is under way: its row gathers in the next one, and so does its cancellation. */
function open(t: TestContext, isToFail: boolean): Scene {
  const gate = (): Gate => Promise.withResolvers<void>()
  const gates = { first: gate(), flaky: gate(), go: gate(), last: gate() }
  const [isCancelled, hasFailed] = [gate(), gate()]
  let isBroken = isToFail
  const stage = openStage(t, {
    workflows: {
      other: async () => 'other',
      w: async () => {
        setHandler(stop, () => undefined)
        const scope = new CancellationScope()
        const tried = scope.run(() => flaky()).catch((error: Error) => error.name)
        const afterwards = isToFail ? last() : undefined
        await Promise.all([first(), go()])
        scope.cancel()
        isCancelled.resolve()
        await afterwards
        if (!isBroken) return tried
        isBroken = false
        hasFailed.resolve()
        throw new DeterminismViolationError('broken')
      },
    },
    activities: {
      first: () => gates.first.promise, go: () => gates.go.promise, last: () => gates.last.promise,
      flaky: async () => {
        await gates.flaky.promise
        heartbeat()
        throw new Error('not now')
      },
    },
  })
  return { stage, gates, isCancelled, hasFailed }
}

type Then = (batch: CommitBatch, stage: Stage) => Promise<void>

/** @param then what happens when the commit that has both is sent */
async function run({ stage, gates, isCancelled, hasFailed }: Scene, until: Gate, then: Then): Promise<string> {
  const inFlight = Promise.withResolvers<void>()
  let isFirst = true
  let isSent = false
  stage.onCommit = async (batch, forward) => {
    const isEnd = batch.transitions.some(({ events }) => events.length > 0)
    if (isFirst && isEnd) {
      isFirst = false
      inFlight.resolve()
      await until.promise
      await pause(20)
    } else if (!isFirst && !isSent) {
      isSent = true
      await then(batch, stage)
    }
    return forward(batch)
  }
  const { client } = await stage.addWorker()
  const handle = await client.start('w', { workflowId: 'w' })
  gates.first.resolve()
  await inFlight.promise
  gates.flaky.resolve()
  await new Promise(setImmediate)
  gates.go.resolve()
  await isCancelled.promise
  gates.last.resolve()
  await hasFailed.promise
  stage.aheadMs = 3_000
  return await handle.result({ timeout: '20 seconds' }) as string
}

suite('a commit with the row of an attempt that has ended, and with its cancellation,', () => {
  test('is refused, because a message came before the close', async (t) => {
    const scene = open(t, false)
    scene.hasFailed.resolve()
    const result = await run(scene, scene.isCancelled, async (_batch, { store }) => {
      const input = encodeArguments([], 'signal')
      const data = encodeEvent({ type: 'WorkflowExecutionSignaled', signalName: stop.name, identity: 'test', input })
      await store.post([{ namespace, workflowId: 'w', runId: null, type: 'WorkflowExecutionSignaled', data }])
    })
    assert.equal(result, 'ActivityFailure')
  })

  test('is refused by the database for good; others go on', async (t) => {
    const scene = open(t, false)
    scene.hasFailed.resolve()
    let refused = 0
    const result = await run(scene, scene.isCancelled, async () => {
      refused++
      throw new StoreRejectedError('never')
    })
    assert.equal(result, 'ActivityFailure')
    assert.equal(refused, 1)
    const { client } = await scene.stage.addWorker()
    assert.equal(await (await client.start('other', { workflowId: 'o' })).result({ timeout: '20 seconds' }), 'other')
  })

  test('is never sent, because the activation after it failed', async (t) => {
    const scene = open(t, true)
    assert.equal(await run(scene, scene.hasFailed, async () => undefined), 'ActivityFailure')
  })

  test('is lost, because the execution was terminated meanwhile', async (t) => {
    const scene = open(t, false)
    scene.hasFailed.resolve()
    const failure = encodeFailure(new Error('enough'))
    const ended = run(scene, scene.isCancelled, async (_batch, { store }) => {
      await store.terminate({ namespace, workflowId: 'w', runId: null, failure, at: Date.now() })
    })
    await assert.rejects(ended, { code: 'WORKFLOW_FAILED' })
    assert.deepEqual(scene.stage.logged.filter((line) => line.includes('starts over')), [])
  })
})

/** The activation after `go` fails once; until then the first commit that matches is under way. */
function failing(t: TestContext, workflow: (fail: () => void) => Promise<unknown>, gates: Readonly<Record<string, Gate>>): Stage & {
  readonly hasFailed: Gate
} {
  const hasFailed = Promise.withResolvers<void>()
  let isBroken = true
  const fail = (): void => {
    if (!isBroken) return
    isBroken = false
    hasFailed.resolve()
    throw new DeterminismViolationError('broken')
  }
  const activities = Object.fromEntries(Object.entries(gates).map(([name, { promise }]) => [name, async () => {
    await promise
    return `${name} done`
  }]))
  const stage = openStage(t, { workflows: { target: () => sleep('1 hour'), w: () => workflow(fail) }, activities })
  return Object.assign(stage, { hasFailed })
}

test('a result that came while its cancellation is being committed outlives a hold', async (t) => {
  const gates = { slow: Promise.withResolvers<void>(), go: Promise.withResolvers<void>(), last: Promise.withResolvers<void>() }
  const { slow } = proxyActivities<{ slow(): Promise<string> }>({
    startToCloseTimeout: '1 minute', cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  })
  const stage = failing(t, async (fail) => {
    const scope = new CancellationScope()
    const afterwards = last()
    const tried = scope.run(() => slow()).catch((error: Error) => error.name)
    await go()
    scope.cancel()
    await afterwards
    fail()
    return tried
  }, gates)
  const inFlight = Promise.withResolvers<void>()
  stage.onCommit = async (batch, forward) => {
    if (batch.transitions.some(({ events }) => events.length > 0)) {
      inFlight.resolve()
      await stage.hasFailed.promise
      await pause(50)
    }
    return forward(batch)
  }
  const { client } = await stage.addWorker()
  const handle = await client.start('w', { workflowId: 'w' })
  gates.go.resolve()
  await inFlight.promise
  gates.slow.resolve()
  await pause(20)
  gates.last.resolve()
  await stage.hasFailed.promise
  stage.aheadMs = 30_000
  assert.equal(await handle.result({ timeout: '20 seconds' }), 'slow done')
})

test('a hold that meets requests whose commit was locked keeps the results of that commit', async (t) => {
  const gates = { first: Promise.withResolvers<void>(), go: Promise.withResolvers<void>() }
  const once = proxyActivities<Record<'first' | 'go', () => Promise<string>>>({
    startToCloseTimeout: '1 minute', retry: { maximumAttempts: 1 },
  })
  const stage = failing(t, async (fail) => {
    const second = once.go()
    const one = await once.first()
    const told = getExternalWorkflowHandle('target').signal('x').then(() => 'told')
    const two = await second
    fail()
    return [one, two, await told]
  }, gates)
  const inFlight = Promise.withResolvers<void>()
  let isLocked = false
  stage.onCommit = async (batch, forward) => {
    if (isLocked || !batch.transitions.some(({ outgoing = [] }) => outgoing.length > 0)) return forward(batch)
    isLocked = true
    inFlight.resolve()
    await stage.hasFailed.promise
    await pause(50)
    return answerInstead(batch, forward, ({ outgoing = [] }) => (outgoing.length > 0 ? 'locked' : undefined))
  }
  const { client } = await stage.addWorker()
  await client.start('target', { workflowId: 'target' })
  const handle = await client.start('w', { workflowId: 'w' })
  gates.first.resolve()
  await inFlight.promise
  gates.go.resolve()
  await stage.hasFailed.promise
  stage.aheadMs = 3_000_000
  assert.deepEqual(await handle.result({ timeout: '20 seconds' }), ['first done', 'go done', 'told'])
})

for (const cached of [0, 1_000]) {
  test(`executions that came to rest out of memory give their places back, with ${cached} in the cache`, async (t) => {
    const { retried } = proxyActivities<{ retried(): Promise<string> }>({
      startToCloseTimeout: '1 minute', retry: { initialInterval: '1 hour', maximumInterval: '1 hour' },
    })
    const stage = openStage(t, {
      settings: { maxConcurrentWorkflows: 2, maxCachedWorkflows: cached },
      workflows: { w: () => retried(), quick: async () => 'quick' },
      activities: {
        retried: async () => {
          await pause(300)
          throw new Error('not now')
        },
      },
    })
    const { client } = await stage.addWorker()
    for (const workflowId of ['a', 'b']) await client.start('w', { workflowId })
    await pause(1_000)
    const handle = await client.start('quick', { workflowId: 'q' })
    stage.aheadMs = 600_000
    assert.equal(await handle.result({ timeout: '20 seconds' }), 'quick')
  })
}
