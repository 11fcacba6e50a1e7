import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import {
  type ActivityFailure, CancellationScope, condition, defineQuery, defineSignal, proxyActivities, setHandler, sleep,
} from '@perdure/workflow'
import { activityInfo } from '@perdure/workflow/activity'
import type { WorkflowHandle } from '../../client/workflow-handle.ts'
import { first, flaky, gatheringRow, go } from '../../../test/gathering-row.ts'
import { namespace, openStage, type Stage } from '../../../test/worker-stage.ts'
import { localWaitMs } from '../../limits.ts'
import { encodeEvent } from '../../protocol/event-codec.ts'
import { encodeArguments } from '../../protocol/payload-codec.ts'

interface Activities {
  flaky(): Promise<void>
  long(): Promise<void>
}
const stop = defineSignal('stop')
const stir = defineQuery('stir')
const { long } = proxyActivities<Activities>({ startToCloseTimeout: '1 minute' })

test('an activity is cancelled in the commit that writes the row of its attempt, which has ended meanwhile', async (t) => {
  const isCancelled = Promise.withResolvers<void>()
  const { stage, run } = gatheringRow(t, async () => {
    const scope = new CancellationScope()
    const tried = scope.run(() => flaky()).catch((error: Error) => error.name)
    await Promise.all([first(), go()])
    scope.cancel()
    isCancelled.resolve()
    return tried
  })
  const handle = await run(isCancelled.promise)
  assert.equal(await handle.result(), 'ActivityFailure')
  const tasks = stage.commits.flatMap(({ batch }) => batch.transitions).filter(({ tasks: rows }) => rows.length > 0)
  assert.deepEqual(tasks.map(({ cancelTasks }) => cancelTasks), [[1]], 'the row and its cancellation are of one commit')
  assert.deepEqual(stage.logged.filter((line) => line.includes('starts over')), [])
})

type Order = 'before it is scheduled' | 'while it waits'

/** Signals it before or after the commit that schedules `flaky` has ended; the commit of the signal takes its time. */
async function signalled(stage: Stage, order: Order, commitMs: number): Promise<WorkflowHandle> {
  const signal = async (): Promise<void> => {
    const input = encodeArguments([], 'signal')
    const data = encodeEvent({ type: 'WorkflowExecutionSignaled', signalName: stop.name, identity: 'test', input })
    await stage.store.post([{ namespace, workflowId: 'w', runId: null, type: 'WorkflowExecutionSignaled', data }])
  }
  stage.onCommit = async (batch, forward) => {
    const types = batch.transitions.flatMap(({ events }) => events.map(({ type }) => type))
    const schedules = types.includes('ActivityTaskCompleted') && !types.includes('WorkflowExecutionSignaled')
    if (schedules && order === 'before it is scheduled') {
      await signal()
      await pause(50)
    }
    if (types.includes('WorkflowExecutionSignaled')) await pause(commitMs)
    const outcome = await forward(batch)
    if (schedules && order === 'while it waits' && stage.commits.length === 2) await signal()
    return outcome
  }
  const { client } = await stage.addWorker()
  return client.start('cancels', { workflowId: 'w' })
}

test('an attempt that fails while its cancellation is being committed, and was scheduled before, is not made again', async (t) => {
  const attempts: number[] = []
  const waiting = proxyActivities<Activities>({
    startToCloseTimeout: '1 minute', cancellationType: 'WAIT_CANCELLATION_COMPLETED', retry: { initialInterval: 1 },
  })
  const stage = openStage(t, {
    workflows: {
      cancels: async () => {
        let isStopped = false
        setHandler(stop, () => { isStopped = true })
        await first()
        const scope = new CancellationScope()
        const tried = scope.run(() => waiting.flaky()).then(() => 'done', (error: ActivityFailure) => error.cause?.name)
        await condition(() => isStopped)
        scope.cancel()
        return tried
      },
    },
    activities: {
      first: async () => undefined,
      flaky: async () => {
        attempts.push(activityInfo().attempt)
        if (attempts.length === 1) throw new Error('not now')
      },
    },
  })
  const handle = await signalled(stage, 'before it is scheduled', 50)
  assert.equal(await handle.result(), 'ApplicationFailure')
  assert.deepEqual(attempts, [1])
})

test('an activity that waits for a slot, and becomes a row while its cancellation is being committed, never begins', async (t) => {
  const begun: string[] = []
  const gate = Promise.withResolvers<void>()
  const stage = openStage(t, {
    settings: { maxConcurrentActivities: 1 },
    workflows: {
      cancels: async () => {
        let isStopped = false
        setHandler(stop, () => { isStopped = true })
        await first()
        const scope = new CancellationScope()
        const busy = long()
        const tried = scope.run(() => flaky()).catch((error: Error) => error.name)
        await condition(() => isStopped)
        scope.cancel()
        await busy
        await go()
        return tried
      },
    },
    activities: {
      first: async () => undefined, go: async () => undefined,
      long: () => gate.promise,
      flaky: async () => void begun.push('flaky'),
    },
  })
  const handle = await signalled(stage, 'while it waits', localWaitMs + 50)
  const transitions = () => stage.commits.flatMap(({ batch }) => batch.transitions)
  const isRow = (): boolean => transitions().some(({ tasks }) => tasks.some(({ worker }) => worker === null))
  while (!isRow()) await pause(5)
  await pause(50)
  gate.resolve()
  assert.equal(await handle.result(), 'ActivityFailure')
  assert.deepEqual(begun, [])
})

test('an activity that has not begun is cancelled though a query makes the code leave memory meanwhile', { timeout: 30_000 }, async (t) => {
  const gate = Promise.withResolvers<void>()
  const cancelled = Promise.withResolvers<unknown>()
  const waiting = proxyActivities<Activities>({ startToCloseTimeout: '1 minute', cancellationType: 'WAIT_CANCELLATION_COMPLETED' })
  const stage = openStage(t, {
    settings: { maxConcurrentActivities: 1 },
    workflows: {
      cancels: async () => {
        let isStopped = false
        setHandler(stop, () => { isStopped = true })
        const { promise, resolve } = Promise.withResolvers<void>()
        void promise.then(() => sleep(1)).catch(() => undefined)
        setHandler(stir, () => resolve())
        const busy = long()
        const scope = new CancellationScope()
        const tried = scope.run(() => waiting.flaky()).then(() => 'done', (error: ActivityFailure) => error.cause?.name)
        await condition(() => isStopped)
        scope.cancel()
        cancelled.resolve(await tried)
        await busy
      },
    },
    activities: { long: () => gate.promise, flaky: async () => undefined },
  })
  const { client } = await stage.addWorker()
  const handle = await client.start('cancels', { workflowId: 'w' })
  const asked = Promise.withResolvers<unknown>()
  stage.onCommit = async (batch, forward) => {
    const isSignalled = batch.transitions.some(({ events }) => events.some(({ type }) => type === 'WorkflowExecutionSignaled'))
    if (isSignalled) {
      handle.query(stir).catch((error: unknown) => error).then(asked.resolve, asked.reject)
      for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate)
    }
    return forward(batch)
  }
  await handle.signal(stop)
  assert.match(String(await asked.promise), /queries may only read/)
  assert.equal(await cancelled.promise, 'CancelledFailure')
  const rows = stage.commits.flatMap(({ batch }) => batch.transitions.flatMap(({ tasks }) => tasks))
  assert.deepEqual(rows, [], 'it did not wait until the other activity had a row')
  gate.resolve()
  await handle.result()
})
