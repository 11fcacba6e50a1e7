import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import { ActivityFailure, condition, defineSignal, proxyActivities, setHandler, sleep, TimeoutFailure } from '@perdure/workflow'
import { nextLook, openStage, outcomesOf, unavailable, type Stage, type StageWorker } from '../../test/worker-stage.ts'
import { StoreOutcomeUnknownError, StoreRejectedError } from '../ports/store-error.ts'

interface Activities {
  act(value: number): Promise<number>
  wait(): Promise<string>
}
const { act, wait } = proxyActivities<Activities>({ startToCloseTimeout: '1 minute' })
const { wait: waitOnce } = proxyActivities<Activities>({ startToCloseTimeout: '1 minute', retry: { maximumAttempts: 1 } })
const go = defineSignal('go')

async function steps(): Promise<number[]> {
  const results = [await act(1)]
  await sleep(1)
  results.push(...await Promise.all([act(2), act(3)]))
  results.push(await act(4))
  return results
}

async function signalled(): Promise<string> {
  let gone = false
  setHandler(go, () => { gone = true })
  await condition(() => gone)
  return 'gone'
}

const waiting = (): Promise<string> => wait()

async function waitingOnce(): Promise<string> {
  try {
    return await waitOnce()
  } catch (error) {
    const cause = error instanceof ActivityFailure ? error.cause : undefined
    return cause instanceof TimeoutFailure ? `timeout: ${cause.message}` : String(error)
  }
}

interface Scene extends StageWorker {
  readonly stage: Stage
  readonly calls: number[]
  /** Ends attempt n of the waiting activity. */
  readonly waits: PromiseWithResolvers<string>[]
}

async function scene(t: TestContext, maxCachedWorkflows = 1_000): Promise<Scene> {
  const calls: number[] = []
  const waits: PromiseWithResolvers<string>[] = []
  const stage = openStage(t, {
    workflows: { steps, signalled, waiting, waitingOnce },
    activities: {
      act: async (value: number) => { calls.push(value); return value * 10 },
      wait: () => {
        const attempt = Promise.withResolvers<string>()
        waits.push(attempt)
        started?.()
        return attempt.promise
      },
    },
    settings: { maxCachedWorkflows },
  })
  let started: (() => void) | undefined
  const scene = { stage, calls, waits, ...await stage.addWorker() }
  onStarted.set(waits, () => new Promise<void>((resolve) => { started = resolve }))
  return scene
}

const onStarted = new WeakMap<object, () => Promise<void>>()

/** Resolves when the waiting activity has been begun so many times. */
async function begun(waits: Scene['waits'], times: number): Promise<void> {
  while (waits.length < times) await onStarted.get(waits)?.()
}

async function oneRun(stage: Stage): Promise<void> {
  assert.equal(await stage.store.countExecutions({ namespace: 'test' }), 1)
  assert.deepEqual(outcomesOf(stage, 'close').filter((outcome) => outcome === 'ok'), ['ok'])
}

describe('a worker that was taken over while it lived', () => {
  test('finds its commit fenced, starts over, and its executions go on', async (t) => {
    const { stage, client, worker, calls } = await scene(t)
    const before = worker.status().incarnation
    let commits = 0
    stage.onCommit = async (batch, forward) => {
      if (batch.incarnation !== null && ++commits === 3) await stage.store.retireWorker(batch.incarnation)
      return forward(batch)
    }
    const handle = await client.start('steps', { workflowId: 'w' })
    assert.deepEqual(await handle.result(), [10, 20, 30, 40])
    assert.ok(stage.commits.some(({ outcome }) => outcome.type === 'fenced'))
    assert.ok((worker.status().incarnation ?? 0) > (before ?? 0))
    assert.ok(calls.length >= 4)
    await oneRun(stage)
  })

  test('an activity with one attempt is not begun again: it fails with a timeout', async (t) => {
    const { stage, client, worker, waits } = await scene(t)
    const handle = await client.start('waitingOnce', { workflowId: 'w' })
    await begun(waits, 1)
    await stage.store.retireWorker(worker.status().incarnation as never)
    assert.match(await handle.result() as string, /^timeout: .*lost/)
    waits[0]?.resolve('too late')
    assert.equal(waits.length, 1)
    await oneRun(stage)
  })

  test('an activity with more attempts is begun again as the second', async (t) => {
    const { stage, client, worker, waits } = await scene(t)
    const handle = await client.start('waiting', { workflowId: 'w' })
    await begun(waits, 1)
    await stage.store.retireWorker(worker.status().incarnation as never)
    await begun(waits, 2)
    waits[0]?.resolve('of the first attempt')
    waits[1]?.resolve('of the second attempt')
    assert.equal(await handle.result(), 'of the second attempt')
    const [end] = await stage.store.readHistory(handle.runId as never, 0, 10)
    assert.equal((JSON.parse(end?.data.split('\n')[0] ?? '') as { attempt: number }).attempt, 2)
  })

  test('a lease that was taken is noticed by the tick alone', async (t) => {
    const { stage, client, worker } = await scene(t)
    const handle = await client.start('signalled', { workflowId: 'w' })
    const before = worker.status().incarnation
    await stage.store.retireWorker(before as never)
    while (worker.status().incarnation === before || worker.status().incarnation === null) await nextLook(stage)
    await handle.signal(go)
    assert.equal(await handle.result(), 'gone')
  })
})

test('a start made while the worker loses its incarnation, before its code was called, is not left waiting', async (t) => {
  const { stage, client } = await scene(t)
  let second: Promise<unknown> | undefined
  stage.onCommit = async (batch, forward) => {
    if (second !== undefined) return forward(batch)
    second = client.execute('steps', { workflowId: 'second' })
    throw new StoreOutcomeUnknownError('The connection broke')
  }
  assert.deepEqual(await client.execute('steps', { workflowId: 'first' }), [10, 20, 30, 40])
  assert.deepEqual(await second, [10, 20, 30, 40])
})

test('a start whose commit is answered only after the worker started over is settled', async (t) => {
  const { stage, client, worker } = await scene(t)
  const before = worker.status().incarnation
  stage.onCommit = async (batch, forward) => {
    const outcome = await forward(batch)
    if (batch.incarnation !== before) return outcome
    await stage.store.retireWorker(before as never)
    while (worker.status().incarnation === before || worker.status().incarnation === null) await nextLook(stage)
    return outcome
  }
  const handle = await client.start('steps', { workflowId: 'w' })
  assert.deepEqual(await handle.result(), [10, 20, 30, 40])
  await oneRun(stage)
})

for (const cache of [1_000, 0]) {
  describe(`a connection that breaks during a commit, cache of ${cache}`, () => {
    for (const applied of [true, false]) {
      test(`whichever commit it is, the execution completes once (the change was ${applied ? '' : 'not '}made)`, async (t) => {
        let broken = true
        for (let position = 0; broken; position++) {
          const { stage, client, worker } = await scene(t, cache)
          broken = false
          let commits = 0
          stage.onCommit = async (batch, forward) => {
            if (batch.incarnation === null || commits++ !== position) return forward(batch)
            broken = true
            if (applied) await forward(batch)
            throw new StoreOutcomeUnknownError('cut')
          }
          const handle = await client.start('steps', { workflowId: 'w' })
          assert.deepEqual(await handle.result(), [10, 20, 30, 40], `broken at commit ${position}`)
          await oneRun(stage)
          const seqs = (await stage.store.readHistory(handle.runId as never, 0, 100)).map((event) => event.seq)
          assert.deepEqual(seqs, [1, 2, 3, 4, 5])
          await worker.stop()
        }
      })
    }
  })
}

describe('a database that is away', () => {
  test('commits wait for it and nothing is lost or done twice', async (t) => {
    const { stage, client, calls } = await scene(t)
    let commits = 0
    stage.onCommit = async (batch, forward) => {
      commits++
      if (batch.incarnation !== null && commits > 1 && commits < 6) throw unavailable()
      return forward(batch)
    }
    const handle = await client.start('steps', { workflowId: 'w' })
    assert.deepEqual(await handle.result(), [10, 20, 30, 40])
    assert.deepEqual([...calls].sort((one, other) => one - other), [1, 2, 3, 4])
    await oneRun(stage)
  })

  test('a start fails at once, and is not made later behind the back of the caller', async (t) => {
    const { stage, client, worker } = await scene(t)
    stage.onCommit = async () => { throw unavailable() }
    await assert.rejects(client.start('steps', { workflowId: 'w' }), { code: 'STORE_UNAVAILABLE' })
    stage.onCommit = (batch, forward) => forward(batch)
    // What goes through the same queue of commits after it: were the first still there, it would be in.
    const handle = await client.start('steps', { workflowId: 'other' })
    await handle.result()
    await worker.stop()
    assert.equal(await stage.store.getExecution('test', 'w', null), undefined)
  })

  test('a start fails fast also while a commit of other executions waits for the database', async (t) => {
    const { stage, client } = await scene(t)
    const other = await client.start('signalled', { workflowId: 'other' })
    const held = Promise.withResolvers<void>()
    const away = Promise.withResolvers<void>()
    let isAway = true
    stage.onCommit = async (batch, forward) => {
      if (!isAway) return forward(batch)
      held.resolve()
      await away.promise
      throw unavailable()
    }
    await other.signal(go)
    await held.promise
    const start = client.start('steps', { workflowId: 'w' })
    away.resolve()
    await assert.rejects(start, { code: 'STORE_UNAVAILABLE' })
    isAway = false
    assert.equal(await other.result(), 'gone')
    assert.equal(await stage.store.getExecution('test', 'w', null), undefined)
  })

  test('a start that finds the database back at its second try is made once', async (t) => {
    const { stage, client } = await scene(t)
    let failed = false
    stage.onCommit = async (batch, forward) => {
      if (failed) return forward(batch)
      failed = true
      throw unavailable()
    }
    const handle = await client.start('steps', { workflowId: 'w' })
    assert.deepEqual(await handle.result(), [10, 20, 30, 40])
    await oneRun(stage)
  })
})

test('a transition that the database refuses holds its own execution and no other', async (t) => {
  const { stage, client } = await scene(t)
  const culprit = await client.start('signalled', { workflowId: 'culprit' })
  stage.onCommit = async (batch, forward) => {
    const isTooMuch = batch.transitions.some(({ runId, events }) => runId === culprit.runId && events.length > 0)
    if (isTooMuch) throw new StoreRejectedError('too much')
    return forward(batch)
  }
  const others = await Promise.all(Array.from({ length: 9 }, (_, index) => client.start('signalled', { workflowId: `other-${index}` })))
  await Promise.all([culprit, ...others].map((handle) => handle.signal(go)))
  assert.deepEqual(await Promise.all(others.map((handle) => handle.result())), others.map(() => 'gone'))
  while ((await culprit.describe()).held === undefined) await nextLook(stage)
  const { held, status } = await culprit.describe()
  assert.equal(held?.code, 'commit_rejected')
  assert.match(held?.reason ?? '', /too much/)
  assert.equal(status, 'RUNNING')
  for (const other of others) assert.equal((await other.describe()).held, undefined)
})
