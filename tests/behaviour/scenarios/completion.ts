import assert from 'node:assert/strict'
import {
  ActivityCancelledError, ActivityCompletionError, ActivityNotFoundError, ApplicationFailure, PerdureError, TimeoutFailure,
} from 'perdure'
import { probe } from '../probe.ts'
import { as, failureOf, rejectionOf, until, type Scenario, type Stage } from '../stage.ts'
import * as outside from '../workflows/outside.ts'

const minute = { startToCloseTimeout: '1 minute' } as const

async function tokenOf(id: string, count = 1): Promise<string> {
  await probe(id).noted('', count)
  return probe(id).notes[count - 1] ?? ''
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  return as(PerdureError, await rejectionOf(call)).code
}

/** Its execution leaves memory meanwhile, in the cold variation. */
async function leftStage({ id, start }: Stage, options: Parameters<typeof outside.left>[1] = minute) {
  const handle = await start(outside.left, id, options)
  return { handle, token: await tokenOf(id) }
}

export const completionScenarios: readonly Scenario[] = [
  {
    name: 'an activity is completed from outside with its token, as bytes or as text, and by its ids',
    async run(_t, stage) {
      const { engine, id, openAnother } = stage
      const { handle, token } = await leftStage(stage)
      const elsewhere = await openAnother({ worker: false })
      await elsewhere.activities.complete(new Uint8Array(Buffer.from(token, 'base64')), { approved: true })
      assert.deepEqual(await handle.result(), { approved: true })
      const second = await engine.workflows.start(outside.left, { workflowId: `${id}-2`, args: [id, minute] })
      await engine.activities.complete(await tokenOf(id, 2), 2)
      assert.equal(await second.result(), 2)
      const third = await engine.workflows.start(outside.left, { workflowId: `${id}-3`, args: [id, minute] })
      await tokenOf(id, 3)
      const [pending] = (await third.describe()).pendingActivities
      await engine.activities.complete({ workflowId: `${id}-3`, activityId: pending?.activityId ?? '' })
      assert.equal(await third.result(), undefined)
    },
  },
  {
    name: 'a token of another namespace is refused, also when it was changed to name this one',
    async run(_t, stage) {
      const { engine, id, openAnother } = stage
      await engine.namespaces.create(id)
      const foreign = await openAnother({ namespace: id, worker: false })
      const { handle, token } = await leftStage(stage)
      const refused = as(ActivityNotFoundError, await rejectionOf(foreign.activities.complete(token, 'wrong')))
      assert.match(refused.message, new RegExp(`is of namespace 'default', and this engine of '${id}'`))
      const changed = new TextEncoder().encode(Buffer.from(token, 'base64').toString().replace(/default$/, id))
      const again = as(ActivityNotFoundError, await rejectionOf(foreign.activities.complete(changed, 'wrong')))
      assert.match(again.message, /there is no such execution/)
      await engine.activities.complete(token, 'right')
      assert.equal(await handle.result(), 'right')
    },
  },
  {
    name: 'a token is good for one end: used twice, it says so and changes nothing',
    async run(_t, stage) {
      const { engine } = stage
      const { handle, token } = await leftStage(stage)
      await engine.activities.complete(token, 'first')
      const again = as(ActivityNotFoundError, await rejectionOf(engine.activities.complete(token, 'second')))
      assert.match(again.message, /has ended/)
      assert.equal(await handle.result(), 'first')
      assert.equal(await codeOf(engine.activities.fail(token, new Error('late'))), 'ACTIVITY_NOT_FOUND')
      assert.equal(await codeOf(engine.activities.heartbeat(token)), 'ACTIVITY_NOT_FOUND')
      assert.equal(await codeOf(engine.activities.reportCancellation(token)), 'ACTIVITY_NOT_FOUND')
      assert.equal((await handle.history()).filter(({ eventType }) => eventType === 'ActivityTaskCompleted').length, 1)
    },
  },
  {
    name: 'wrong tokens, unknown activities and values that cannot be stored are refused, and the activity goes on',
    async run(_t, stage) {
      const { engine, id } = stage
      const { handle, token } = await leftStage(stage)
      const { activities } = engine
      for (const wrong of ['', 'made up', token.slice(4), Buffer.from(`${atob(token)}x y`).toString('base64')]) {
        assert.equal(await codeOf(activities.complete(wrong)), 'TASK_TOKEN_INVALID')
      }
      assert.equal(await codeOf(activities.complete(7 as never)), 'OPTIONS_INVALID')
      assert.equal(await codeOf(activities.complete({ workflowId: `${id}-none`, activityId: '1' })), 'WORKFLOW_NOT_FOUND')
      assert.equal(await codeOf(activities.complete({ workflowId: id, activityId: 'none' })), 'ACTIVITY_NOT_FOUND')
      assert.equal(await codeOf(activities.complete(token, 1n)), 'PAYLOAD_NOT_SERIALISABLE')
      assert.equal(await codeOf(activities.heartbeat(token, 'x'.repeat(2 ** 21 + 1))), 'PAYLOAD_TOO_LARGE')
      as(ActivityCompletionError, await rejectionOf(activities.reportCancellation(token)))
      await activities.complete(token, 'still there')
      assert.equal(await handle.result(), 'still there')
    },
  },
  {
    name: 'a failure from outside is retried as the policy says, and the token of the failed attempt is over',
    async run(_t, stage) {
      const { engine, id } = stage
      const { handle, token } = await leftStage(stage, { ...minute, retry: { initialInterval: 10 } })
      await engine.activities.fail(token, new Error('not yet'))
      const second = await tokenOf(id, 2)
      assert.match(as(ActivityNotFoundError, await rejectionOf(engine.activities.complete(token))).message, /attempt 2 has taken its place/)
      await engine.activities.fail(second, ApplicationFailure.nonRetryable('never', 'Refused'))
      const { cause } = await failureOf(handle.result())
      const failure = as(ApplicationFailure, cause?.cause)
      assert.deepEqual([failure.message, failure.type], ['never', 'Refused'])
    },
  },
  {
    name: 'an activity that nobody completes times out, and its completion comes too late',
    async run(_t, stage) {
      const { engine } = stage
      const { handle, token } = await leftStage(stage, { startToCloseTimeout: 200, retry: { maximumAttempts: 1 } })
      const { cause } = await failureOf(handle.result())
      assert.equal(as(TimeoutFailure, cause?.cause).timeoutType, 'START_TO_CLOSE')
      assert.equal(await codeOf(engine.activities.complete(token)), 'ACTIVITY_NOT_FOUND')
    },
  },
  {
    name: 'heartbeats from outside keep it alive, and their details reach the next attempt',
    async run(_t, { engine, id, start }) {
      const handle = await start(outside.leftWithDetails, id, {
        ...minute, heartbeatTimeout: 2_000, retry: { initialInterval: 10, maximumAttempts: 2 },
      })
      await probe(id).noted('left')
      const target = { workflowId: id, activityId: '1' }
      const begun = performance.now()
      await engine.activities.heartbeat(target)
      while (performance.now() - begun < 2_500) {
        await engine.activities.heartbeat(target, { page: 2 })
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      assert.equal((await handle.getStatus()).status, 'RUNNING')
      assert.deepEqual(await handle.result(), { page: 2 })
    },
  },
  {
    name: 'a cancellation is told by a heartbeat, and reported',
    async run(_t, { engine, id, start }) {
      const handle = await start(outside.leftAndCancelled, id)
      const token = await tokenOf(id)
      await engine.activities.heartbeat(token)
      await handle.signal(outside.stop)
      let told: unknown
      await until(async () => (told = await engine.activities.heartbeat(token).catch((error: unknown) => error)) !== undefined)
      as(ActivityCancelledError, told)
      await engine.activities.reportCancellation(token, 'cleaned up')
      assert.equal(await handle.result(), 'cancelled')
    },
  },
  {
    name: 'an attempt is completed from outside while its function runs: the first end counts',
    async run(_t, { engine, id, start }) {
      const handle = await start(outside.givenAway, id)
      await engine.activities.complete(await tokenOf(id), 'from outside')
      assert.equal(await handle.result(), 'from outside')
      probe(id).open()
    },
  },
  {
    name: 'an attempt that was left outlives the worker that ran its function',
    async run(_t, { id, engine, ownQueue, openAnother }) {
      const first = await openAnother()
      const handle = await engine.workflows.start(outside.left, {
        workflowId: id, taskQueue: ownQueue, args: [id, { ...minute, retry: { maximumAttempts: 1 } }],
      })
      const token = await tokenOf(id)
      await first.stop()
      await engine.activities.heartbeat(token)
      await openAnother()
      await engine.activities.complete(token, 'later')
      assert.equal(await handle.result(), 'later')
      assert.equal(probe(id).notes.length, 1)
    },
  },
  {
    name: 'a completion after the workflow was closed is refused',
    async run(_t, stage) {
      const { handle, token } = await leftStage(stage)
      await handle.terminate()
      const late = as(ActivityNotFoundError, await rejectionOf(stage.engine.activities.complete(token)))
      assert.match(late.message, /is closed/)
    },
  },
]
