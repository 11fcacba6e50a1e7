import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import {
  ActivityFailure, ApplicationFailure, condition, defineSignal, executeChild, isCancellation, proxyActivities, setHandler, TimeoutFailure,
} from '@perdure/workflow'
import { activityInfo, Context } from '@perdure/workflow/activity'
import { namespace, nextLook, openStage, taskQueue, type Stage } from '../../test/worker-stage.ts'
import { activationsPerTurnMax } from '../limits.ts'
import { asRunId } from '../protocol/ids.ts'
import type { Payload } from '../protocol/payload.ts'
import type { StartRecord } from '../protocol/transition.ts'

const { wait, act } = proxyActivities<{ wait(): Promise<string>; act(): Promise<string> }>({ startToCloseTimeout: '1 minute' })
const { wait: waitOnce } = proxyActivities<{ wait(): Promise<string> }>({ startToCloseTimeout: '1 minute', retry: { maximumAttempts: 1 } })
const go = defineSignal('go')

const waiting = async (): Promise<string> => `${await act()} ${await wait()}`

async function waitingOnce(): Promise<string> {
  try {
    return await waitOnce()
  } catch (error) {
    return error instanceof ActivityFailure && error.cause instanceof TimeoutFailure ? 'timed out' : String(error)
  }
}

async function leftOnce(): Promise<unknown> {
  const error: unknown = await waitOnce().catch((thrown: unknown) => thrown)
  const { retryState, cause } = error as ActivityFailure
  return [retryState, cause instanceof ApplicationFailure ? cause.type : String(cause), isCancellation(error)]
}

async function signalled(): Promise<string> {
  let gone = false
  setHandler(go, () => { gone = true })
  await condition(() => gone)
  return 'gone'
}

const acting = (): Promise<string> => act()

const parent = (): Promise<string> => executeChild(acting, { workflowId: 'child' })

/** Attempts of the waiting activity, in the order in which they began. */
class Attempts {
  readonly all: PromiseWithResolvers<string>[] = []
  #changed = Promise.withResolvers<void>()

  begin(): Promise<string> {
    const attempt = Promise.withResolvers<string>()
    this.all.push(attempt)
    this.#changed.resolve()
    this.#changed = Promise.withResolvers<void>()
    return attempt.promise
  }

  async reached(count: number): Promise<void> {
    while (this.all.length < count) await this.#changed.promise
  }
}

function open(t: TestContext, maxCachedWorkflows = 1_000): { stage: Stage; attempts: Attempts; acts: string[] } {
  const attempts = new Attempts()
  const acts: string[] = []
  const stage = openStage(t, {
    workflows: { waiting, waitingOnce, signalled, acting, parent },
    activities: { wait: () => attempts.begin(), act: async () => { acts.push('act'); return 'acted' } },
    settings: { maxCachedWorkflows },
  })
  return { stage, attempts, acts }
}

describe('takeover', () => {
  test('a second worker goes on where a dead one stopped: recorded results stay, the pending activity is its second attempt', async (t) => {
    const { stage, attempts, acts } = open(t)
    const first = await stage.addWorker()
    const { workflowId } = await first.client.start('waiting', { workflowId: 'w' })
    await attempts.reached(1)
    await first.crash()
    const second = await stage.addWorker()
    stage.aheadMs = 3_000
    await attempts.reached(2)
    attempts.all[0]?.resolve('of the dead worker')
    attempts.all[1]?.resolve('of the second worker')
    assert.equal(await second.client.getHandle(workflowId).result(), 'acted of the second worker')
    assert.deepEqual(acts, ['act'])
    const record = await stage.store.getExecution(namespace, workflowId, null)
    const ends = (await stage.store.readHistory(asRunId(record?.runId ?? ''), 0, 10)).map(({ data }) => attemptOf(data))
    assert.deepEqual(ends, [1, 2])
  })

  test('an activity with one attempt is not begun by the second worker', async (t) => {
    const { stage, attempts } = open(t)
    const first = await stage.addWorker()
    await first.client.start('waitingOnce', { workflowId: 'w' })
    await attempts.reached(1)
    await first.crash()
    const second = await stage.addWorker()
    stage.aheadMs = 3_000
    assert.equal(await second.client.getHandle('w').result(), 'timed out')
    assert.equal(attempts.all.length, 1)
  })

  test('a worker whose lock is held and whose lease lives is left alone', async (t) => {
    const { stage } = open(t)
    const first = await stage.addWorker()
    const second = await stage.addWorker()
    let looks = 0
    await new Promise<void>((resolve) => { stage.onLook = () => { if (++looks > 12) resolve() } })
    const alive = (await stage.store.listWorkers(namespace)).map((worker) => worker.alive)
    assert.deepEqual(alive, [true, true])
    assert.notEqual(first.worker.status().incarnation, second.worker.status().incarnation)
  })
})

function attemptOf(data: string): number {
  return (JSON.parse(data.split('\n')[0] ?? '') as { attempt: number }).attempt
}

describe('drain', () => {
  test('the execution of a running activity goes on elsewhere, and the activity ends where it runs', async (t) => {
    const { stage, attempts, acts } = open(t)
    const first = await stage.addWorker({ shutdownGraceMs: 5_000 })
    const { runId } = await first.client.start('waiting', { workflowId: 'w' })
    await attempts.reached(1)
    const stopped = first.worker.stop()
    const second = await stage.addWorker()
    while ((await stage.store.getExecution(namespace, 'w', null))?.owner !== null) await nextLook(stage)
    const [row] = await stage.store.readTasks(asRunId(runId))
    assert.deepEqual([row?.attempt, row?.lost], [1, false])
    attempts.all[0]?.resolve('done while draining')
    assert.equal(await second.client.getHandle('w').result(), 'acted done while draining')
    await stopped
    assert.deepEqual([acts.length, attempts.all.length], [1, 1])
  })

  test('an activity that outlives the grace time is lost with its worker and begun again elsewhere', async (t) => {
    const { stage, attempts } = open(t)
    const first = await stage.addWorker({ shutdownGraceMs: 20 })
    await first.client.start('waiting', { workflowId: 'w' })
    await attempts.reached(1)
    await first.worker.stop()
    const second = await stage.addWorker()
    await attempts.reached(2)
    attempts.all[1]?.resolve('again')
    assert.equal(await second.client.getHandle('w').result(), 'acted again')
  })

  test('activities that have ended are stored before the worker signs off, however slow the database is', async (t) => {
    const attempts: number[] = []
    const second = Promise.withResolvers<void>()
    const { far } = proxyActivities<{ far(which: number): Promise<number> }>({ startToCloseTimeout: '1 minute', taskQueue: 'far' })
    const stage = openStage(t, {
      workflows: { both: () => Promise.all([far(1), far(2)]) },
      activities: {
        far: async (which: number) => {
          attempts.push(activityInfo().attempt)
          if (which === 2) await second.promise
          return which
        },
      },
    })
    const { client } = await stage.addWorker()
    const { worker } = await stage.addWorker({ taskQueues: ['far'] })
    const [sent, mayStore] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const { endTasks } = stage.store
    stage.store.endTasks = async (ends) => {
      sent.resolve()
      await mayStore.promise
      return endTasks.call(stage.store, ends)
    }
    const handle = await client.start('both', { workflowId: 'w' })
    await sent.promise
    while (attempts.length < 2) await new Promise(setImmediate)
    second.resolve()
    while (worker.status().activities > 0) await new Promise(setImmediate)
    const stopped = worker.stop()
    for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate)
    mayStore.resolve()
    await stopped
    await stage.addWorker({ taskQueues: ['far'] })
    assert.deepEqual(await handle.result(), [1, 2])
    assert.deepEqual(attempts, [1, 1])
  })

  test('a last attempt that stops because its worker leaves has failed: nobody asked for its activity to be cancelled', async (t) => {
    const begun = Promise.withResolvers<void>()
    const wait = async (): Promise<never> => {
      begun.resolve()
      return Context.current().cancelled
    }
    const stage = openStage(t, { workflows: { leftOnce }, activities: { wait } })
    const first = await stage.addWorker({ shutdownGraceMs: 2_000 })
    await first.client.start('leftOnce', { workflowId: 'w' })
    await begun.promise
    await first.worker.stop()
    const second = await stage.addWorker()
    assert.deepEqual(await second.client.getHandle('w').result(), ['MAXIMUM_ATTEMPTS_REACHED', 'WorkerShutdown', false])
  })

  test('an execution whose request is under way is not let go before it was carried out', async (t) => {
    const { stage } = open(t)
    let isBusy = true
    stage.onCommit = async (batch, forward) => {
      const isAsking = batch.transitions.some(({ outgoing = [] }) => outgoing.length > 0)
      if (!isAsking || !isBusy) return forward(batch)
      // Somebody holds what the child needs.
      const outcome = await forward({ ...batch, transitions: batch.transitions.map(({ outgoing: _outgoing, ...others }) => others) })
      const outgoing = new Map(batch.transitions.map(({ runId, outgoing: asked = [] }) => [runId, asked.map(() => 'busy' as const)]))
      return outcome.type === 'fenced' ? outcome : { ...outcome, outgoing }
    }
    const first = await stage.addWorker({ shutdownGraceMs: 5_000 })
    await first.client.start('parent', { workflowId: 'w' })
    while (stage.commits.length === 0) await nextLook(stage)
    const stopped = first.worker.stop()
    await nextLook(stage)
    await nextLook(stage)
    isBusy = false
    await stopped
    assert.equal((await stage.store.getExecution(namespace, 'child', null))?.workflowType, 'acting')
    const second = await stage.addWorker()
    assert.equal(await second.client.getHandle('w').result(), 'acted')
  })

  test('an idle worker stops at once and signs off', async (t) => {
    const { stage } = open(t)
    const { worker } = await stage.addWorker({ shutdownGraceMs: 60_000 })
    await worker.stop()
    assert.deepEqual((await stage.store.listWorkers(namespace)).map(({ alive }) => alive), [false])
  })
})

function startRecord(workflowId: string, workflowType: string, owned: boolean): StartRecord {
  const now = Date.now()
  return {
    namespace, workflowId, runId: asRunId(crypto.randomUUID()), workflowType, taskQueue, priority: 3, input: '[]' as Payload, memo: null,
    searchAttributes: null, startedAt: now, wakeAt: now, reusePolicy: 'ALLOW_DUPLICATE', conflictPolicy: 'FAIL', owned,
  }
}

async function allCompleted(stage: Stage, total: number): Promise<void> {
  while (await stage.store.countExecutions({ namespace, statuses: ['COMPLETED'] }) < total) await nextLook(stage)
}

/** More than one turn of the activation loop takes. */
const crowd = activationsPerTurnMax + 200

describe('an execution whose code has not come to rest', () => {
  test('is not released by a tick between its start and its first activation', async (t) => {
    const { stage } = open(t, 0)
    const { worker, client } = await stage.addWorker()
    // In the same turn as the rest of the tick: the activation loop has had no turn of its own yet.
    const started = new Promise((resolve) => {
      stage.onLook = () => {
        stage.onLook = () => undefined
        resolve(worker.startExecution(startRecord('w', 'acting', true)))
      }
    })
    assert.deepEqual(await started, { type: 'started' })
    assert.equal(await client.getHandle('w').result(), 'acted')
    const first = stage.commits.find(({ batch }) => batch.starts.length > 0)?.batch.transitions[0]
    assert.equal(first?.release ?? null, null)
  })

  test('does not fall out of the cache while more start than one turn can run', async (t) => {
    const { stage } = open(t, 0)
    const { worker } = await stage.addWorker()
    await Promise.all(Array.from({ length: crowd }, (_, index) => worker.startExecution(startRecord(`w${index}`, 'acting', true))))
    await allCompleted(stage, crowd)
  })

  for (const maxCachedWorkflows of [0, 100]) {
    test(`does not fall out of a cache of ${maxCachedWorkflows} while many are claimed at once`, async (t) => {
      const { stage } = open(t, maxCachedWorkflows)
      const total = maxCachedWorkflows === 0 ? 400 : crowd
      const starts = Array.from({ length: total }, (_, index) => startRecord(`w${index}`, 'acting', false))
      await stage.store.commit({ incarnation: null, starts, transitions: [] })
      await stage.addWorker()
      await allCompleted(stage, total)
    })
  }
})
