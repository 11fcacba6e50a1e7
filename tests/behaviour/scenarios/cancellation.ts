import assert from 'node:assert/strict'
import type { WorkflowHandle } from 'perdure'
import { CancelledFailure } from 'perdure/workflow'
import { probe } from '../probe.ts'
import { as, failureOf, until, type Scenario, type Stage, type WorkflowFunction } from '../stage.ts'
import * as cancellation from '../workflows/cancellation.ts'
import * as steps from '../workflows/steps.ts'

/** Starts a workflow and comes back when it waits where its query says. */
async function waiting<F extends WorkflowFunction>(stage: Stage, workflow: F, ...args: Parameters<F>): Promise<WorkflowHandle> {
  const handle = await stage.start(workflow, ...args)
  await until(async () => typeof await handle.query(cancellation.where) === 'string')
  return handle
}

export const cancellationScenarios: readonly Scenario[] = [
  {
    name: 'a workflow cancelled in a timer ends cancelled',
    async run(_t, stage) {
      const handle = await waiting(stage, cancellation.inTimer)
      await handle.cancel('not needed')
      as(CancelledFailure, (await failureOf(handle.result())).cause)
      assert.equal((await handle.getStatus()).status, 'CANCELLED')
      const types = (await handle.history()).map((event) => event.eventType)
      assert.ok(types.includes('WorkflowExecutionCancelRequested'))
      assert.equal(types.at(-1), 'WorkflowExecutionCanceled')
    },
  },
  {
    name: 'a workflow cancelled in a condition ends cancelled',
    async run(_t, stage) {
      const handle = await waiting(stage, cancellation.inCondition)
      await handle.cancel()
      as(CancelledFailure, (await failureOf(handle.result())).cause)
    },
  },
  {
    name: 'a workflow cancelled in a condition with a timeout ends cancelled',
    async run(_t, stage) {
      const handle = await waiting(stage, cancellation.inTimedCondition)
      await handle.cancel()
      as(CancelledFailure, (await failureOf(handle.result())).cause)
    },
  },
  {
    name: 'a workflow cancelled before any worker ran it ends cancelled without having done anything',
    async run(_t, { id, engine, ownQueue, openAnother }) {
      const handle = await engine.workflows.start(steps.oneAfterAnother, { workflowId: id, taskQueue: ownQueue, args: [id] })
      await handle.cancel()
      await openAnother()
      await failureOf(handle.result())
      assert.equal((await handle.getStatus()).status, 'CANCELLED')
      assert.deepEqual(probe(id).notes, [])
    },
  },
  {
    name: 'TRY_CANCEL tells the activity and does not wait for it',
    async run(_t, { id, start }) {
      const handle = await start(cancellation.inActivity, id, 'TRY_CANCEL', 'throw')
      await probe(id).noted('entered')
      await handle.cancel()
      as(CancelledFailure, (await failureOf(handle.result())).cause)
      assert.equal((await handle.getStatus()).status, 'CANCELLED')
      await probe(id).noted('was c')
    },
  },
  {
    name: 'WAIT_CANCELLATION_COMPLETED waits until the activity has stopped',
    async run(_t, { id, start }) {
      const handle = await start(cancellation.inActivityCaught, id, 'WAIT_CANCELLATION_COMPLETED', 'throw')
      await probe(id).noted('entered')
      await handle.cancel()
      const caught = await handle.result() as { readonly cancelled: boolean }
      assert.equal(caught.cancelled, true)
      assert.deepEqual(probe(id).notes, ['entered', 'was cancelled'])
    },
  },
  {
    name: 'WAIT_CANCELLATION_COMPLETED gives the result of an activity that finishes in spite of it',
    async run(_t, { id, start }) {
      const handle = await start(cancellation.inActivityCaught, id, 'WAIT_CANCELLATION_COMPLETED', 'return')
      await probe(id).noted('entered')
      await handle.cancel()
      assert.equal(await handle.result(), 'cleaned up')
    },
  },
  {
    name: 'WAIT_CANCELLATION_COMPLETED goes on waiting while other events come',
    async run(_t, { id, start, ownQueue, openAnother }) {
      await openAnother({ workflows: 'none' })
      const handle = await start(cancellation.inActivityElsewhere, id, ownQueue)
      await probe(id).noted('entered')
      await handle.cancel()
      await probe(id).noted('was cancelled')
      await handle.signal('unheard')
      await until(async () => (await handle.history()).some((event) => event.eventType === 'WorkflowExecutionSignaled'))
      probe(id).open()
      assert.equal(await handle.result(), 'cleaned up')
    },
  },
  {
    name: 'an activity that fails after it was asked to stop is not retried',
    async run(_t, { id, start }) {
      const handle = await start(cancellation.inActivityCaught, id, 'WAIT_CANCELLATION_COMPLETED', 'fail')
      await probe(id).noted('entered')
      await handle.cancel()
      assert.deepEqual(await handle.result(), { cancelled: false, retryState: 'CANCEL_REQUESTED', cause: 'clean-up failed' })
      assert.deepEqual(probe(id).notes, ['entered', 'was cancelled'])
    },
  },
  {
    name: 'ABANDON leaves the activity running to its end',
    async run(_t, { id, start }) {
      const handle = await start(cancellation.abandoning, id)
      await probe(id).noted('abandoned')
      probe(id).open()
      await probe(id).noted('was')
      await handle.signal(cancellation.goOn)
      assert.equal(await handle.result(), 'abandoned')
      assert.ok(probe(id).notes.includes('was not cancelled'))
    },
  },
  {
    name: 'clean-up in a shield runs after a cancellation, and the workflow ends cancelled',
    async run(_t, stage) {
      const handle = await waiting(stage, cancellation.cleaningUp, stage.id)
      await handle.cancel()
      as(CancelledFailure, (await failureOf(handle.result())).cause)
      assert.deepEqual(probe(stage.id).notes, ['cleaned up'])
      assert.equal((await handle.getStatus()).status, 'CANCELLED')
    },
  },
  {
    name: 'an activity called in a cancelled scope does not run and throws a bare CancelledFailure',
    async run(_t, stage) {
      const handle = await waiting(stage, cancellation.cleaningUpUnshielded, stage.id)
      await handle.cancel()
      assert.equal(await handle.result(), 'bare CancelledFailure')
      assert.deepEqual(probe(stage.id).notes, [])
    },
  },
  {
    name: 'what runs in a shield is not cancelled, what comes after it is',
    async run(_t, { id, start }) {
      const handle = await start(cancellation.shielded, id)
      await probe(id).noted('entered')
      await handle.cancel()
      probe(id).open()
      assert.deepEqual(await handle.result(), ['gate', 'cancelled afterwards'])
      assert.equal((await handle.getStatus()).status, 'COMPLETED')
    },
  },
  {
    name: 'a workflow may catch its cancellation and complete',
    async run(_t, stage) {
      const handle = await waiting(stage, cancellation.ignoring)
      await handle.cancel()
      assert.equal(await handle.result(), 'went on')
    },
  },
  {
    name: 'a workflow in a shield can learn that cancellation was requested',
    async run(_t, stage) {
      const handle = await waiting(stage, cancellation.tellingOfRequest)
      await handle.cancel()
      assert.equal(await handle.result(), 'told')
    },
  },
  {
    name: 'a condition throws in a cancelled scope, even if it holds',
    async run(_t, stage) {
      const handle = await waiting(stage, cancellation.conditionInCancelledScope)
      await handle.cancel()
      assert.equal(await handle.result(), 'condition threw')
    },
  },
  {
    name: 'a second cancellation changes nothing, and one after the end is accepted',
    async run(_t, stage) {
      const handle = await waiting(stage, cancellation.inTimer)
      await Promise.all([handle.cancel(), handle.cancel()])
      await failureOf(handle.result())
      await handle.cancel()
      await stage.engine.workflows.cancel(stage.id, { reason: 'late' })
      assert.equal((await handle.getStatus()).status, 'CANCELLED')
    },
  },
]
