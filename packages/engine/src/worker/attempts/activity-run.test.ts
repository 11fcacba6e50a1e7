import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ActivityCancellationDetails, activityInfo, asyncLocalStorage, cancellationDetails, Context,
  getClient,
} from '@perdure/workflow/activity'
import { ApplicationFailure, CancelledFailure } from '@perdure/workflow'
import { resolveActivityOptions } from '@perdure/workflow/host'
import { createSystemClock } from '../../ports/system-clock.ts'
import { encodeActivityOptions } from '../../protocol/activity-options-codec.ts'
import type { ActivityTask } from '../../protocol/activity-task.ts'
import { asRunId } from '../../protocol/ids.ts'
import { decodePayload, encodeArguments } from '../../protocol/payload-codec.ts'
import type { ActivityFunction } from '../../registry.ts'
import { type ActivityRun, runActivity } from './activity-run.ts'

const options = resolveActivityOptions({ startToCloseTimeout: '1 minute', retry: { maximumAttempts: 3 } }, 'a test')

interface Ran {
  readonly run: ActivityRun
  readonly result: Promise<unknown>
}

function ran(fn: ActivityFunction, client?: () => unknown): Ran {
  const task: ActivityTask = {
    namespace: 'default', runId: asRunId('r'), command: 1, workflowId: 'w', workflowType: 'order', taskQueue: 'default',
    activityType: 'charge', activityId: '1', priority: 3, attempt: 1,
    input: encodeArguments([7], 'a test'), options: encodeActivityOptions(options),
    worker: null, scheduledAt: 1, availableAt: 1, startedAt: null, deadlineAt: null, runMs: null, closeBy: null, lost: false,
    cancelRequested: false, lastFailure: null, heartbeatDetails: null,
  }
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  const nothing = (): void => undefined
  const logger = { debug: nothing, info: nothing, warn: nothing, error: nothing }
  const run = runActivity({
    task, fn, clock: createSystemClock(), logger, onHeartbeat: nothing, onToken: nothing,
    interceptors: [], ...(client === undefined ? {} : { client }),
    onEnd: (_run, end) => {
      if (end.type === 'completed') resolve(decodePayload(end.result))
      else reject(end.type === 'failed' ? end.error : new Error(end.type))
    },
  })
  return { run, result: promise }
}

test('an activity finds the client of its worker, and is told when there is none', async () => {
  const client = { of: 'the engine' }
  assert.equal(await ran(async () => getClient() === client, () => client).result, true)
  await assert.rejects(ran(async () => getClient()).result, { code: 'NO_CLIENT_IN_ACTIVITY' })
})

test('an activity finds its retry policy and namespaces', async () => {
  const { result } = ran(async () => {
    const { retryPolicy, activityNamespace, isLocal } = activityInfo()
    return [retryPolicy, activityNamespace, isLocal]
  })
  assert.deepEqual(await result, [{
    initialInterval: 1_000, backoffCoefficient: 2, maximumInterval: 100_000, maximumAttempts: 3, nonRetryableErrorTypes: [],
  }, 'default', false])
})

for (const [reason, flag] of [
  ['CANCELLED', 'cancelRequested'], ['TIMED_OUT', 'timedOut'], ['WORKER_SHUTDOWN', 'workerShutdown'], ['NOT_FOUND', 'notFound'],
  ['The workflow closed', 'notFound'],
] as const) {
  test(`an activity that is asked to stop with '${reason}' is told ${flag}`, async () => {
    const { run, result } = ran(async () => {
      assert.equal(cancellationDetails(), undefined)
      await Context.current().cancelled.catch(() => undefined)
      return cancellationDetails()
    })
    run.cancel(reason)
    assert.deepEqual(await result, JSON.parse(JSON.stringify(new ActivityCancellationDetails({ [flag]: true }))))
  })
}

const abortError = Object.assign(new Error('aborted'), { name: 'AbortError' })
const unreadable = new Proxy({}, { getPrototypeOf: () => { throw new TypeError('not to be looked at') } })
for (const [what, reason, thrown, type] of [
  ['a cancellation', 'WORKER_SHUTDOWN', undefined, 'WorkerShutdown'], ['an AbortError', 'WORKER_SHUTDOWN', abortError, 'WorkerShutdown'],
  ['another error', 'WORKER_SHUTDOWN', ApplicationFailure.create({ type: 'Own' }), 'Own'],
  ['a cancellation', 'CANCELLED', undefined, undefined],
  ['what cannot be read', 'WORKER_SHUTDOWN', unreadable, undefined],
] as const) {
  test(`an attempt that is asked to stop with '${reason}' and ends with ${what} has failed with ${type ?? 'that'}`, async () => {
    const { run, result } = ran(async () => {
      const cancelled = await Context.current().cancelled.catch((error: unknown) => error)
      throw thrown ?? cancelled
    })
    run.cancel(reason)
    const error = await result.catch((failed: unknown) => failed)
    if (thrown === unreadable) assert.equal(error, unreadable)
    else if (type === undefined) assert.ok(error instanceof CancelledFailure)
    else assert.ok(error instanceof ApplicationFailure && error.type === type && error.nonRetryable !== true, String(error))
  })
}

test('an attempt that its workflow cancelled too has been cancelled, although its worker leaves', async () => {
  const { run, result } = ran(() => Context.current().cancelled)
  run.cancel('WORKER_SHUTDOWN')
  run.cancelRequested = true
  await assert.rejects(result, CancelledFailure)
})

const domAbort = new DOMException('aborted', 'AbortError')
for (const [what, thrown] of [['an AbortError', abortError], ['one of the DOM', domAbort]] as const) {
  test(`an attempt that its workflow cancelled, and that ends with ${what}, has been cancelled`, async () => {
    const { run, result } = ran(() => Context.current().cancelled.catch(() => { throw thrown }))
    run.cancelRequested = true
    run.cancel('CANCELLED')
    await assert.rejects(result, (error) => error instanceof CancelledFailure && error.message === 'CANCELLED')
  })
}

test('an attempt whose row is gone, and that ends with an AbortError, was stopped and has not failed by itself', async () => {
  const { run, result } = ran(() => Context.current().cancelled.catch(() => { throw abortError }))
  run.isLost = true
  run.cancel('NOT_FOUND')
  await assert.rejects(result, (error) => error instanceof CancelledFailure && error.message === 'NOT_FOUND')
})

test('an attempt that nobody asked to stop has failed with its AbortError', async () => {
  await assert.rejects(ran(async () => { throw abortError }).result, abortError)
})

test('asyncLocalStorage gives the context, and runs other code in it', async () => {
  assert.equal(asyncLocalStorage.getStore(), undefined)
  const { promise, resolve } = Promise.withResolvers<Context>()
  const { result } = ran(async () => {
    resolve(Context.current())
    return asyncLocalStorage.getStore() === Context.current()
  })
  assert.equal(await result, true)
  const context = await promise
  assert.equal(asyncLocalStorage.run(context, (more: number) => activityInfo().attempt + more, 1), 2)
  assert.throws(() => asyncLocalStorage.run({} as Context, () => 1), { code: 'NOT_IN_ACTIVITY' })
})
