/** Cancellation of activities that run in other processes, and activities that end when nobody waits for them any more. */
import assert from 'node:assert/strict'
import { CancelledFailure, WorkflowFailedError, type WorkflowHandle } from 'perdure'
import type { ActivityOptions } from 'perdure/workflow'
import type { HoldManner } from '../activities.ts'
import type { Place, Scenario } from '../worker-suite.ts'
import { call, callAndGiveUp, type CallOutcome, callUncaught, giveUp, proceed } from '../workflows.ts'

const oneMinute = { startToCloseTimeout: '1 minute' } as const
const beating = { heartbeatTimeout: '30 seconds' } as const
const waiting = { cancellationType: 'WAIT_CANCELLATION_COMPLETED' } as const

export const cancellationScenarios: readonly Scenario[] = [
  {
    name: 'a cancelled activity of another worker is told without heartbeats, and its workflow waits for how it ends',
    async run(_t, place) {
      const handle = await running(place, { whenCancelled: 'cleans up' }, waiting)
      await handle.cancel()
      assert.equal((await handle.result() as CallOutcome).result, 'cleaned up')
      assert.deepEqual(events(place), ['begin', 'cancelled', 'end'])
    },
  },
  {
    name: 'a cancelled activity of another worker is told while it sends heartbeats, and ends cancelled',
    async run(_t, place) {
      const handle = await running(place, { whenCancelled: 'throws', beatMs: 20 }, { ...waiting, ...beating })
      await handle.cancel()
      assert.equal((await handle.result() as CallOutcome).failure?.cause, 'CancelledFailure')
      assert.deepEqual(events(place), ['begin', 'cancelled'])
    },
  },
  {
    name: 'TRY_CANCEL does not wait for the other worker; its activity is told all the same, with and without heartbeats',
    async run(_t, place) {
      for (const [key, manner] of [[`${place.id} silent`, {}], [`${place.id} beating`, { beatMs: 20 }]] as const) {
        const options = key.endsWith('silent') ? {} : beating
        const handle = await startRunning(place, key, callAndGiveUp, { whenCancelled: 'throws', ...manner }, options)
        await handle.signal(giveUp)
        await place.log.until(key, 'cancelled')
        await handle.signal(proceed)
        assert.equal((await handle.result() as CallOutcome).failure?.cause, 'CancelledFailure')
        assert.deepEqual(place.log.of(key).map(({ event }) => event), ['begin', 'cancelled'])
      }
    },
  },
  {
    name: 'an activity of another worker that heeds no cancellation goes on to its end, and what it returns counts if it is awaited',
    async run(_t, place) {
      const handle = await running(place, { whenCancelled: 'goes on' }, waiting)
      await handle.cancel()
      await place.log.until(place.id, 'cancelled')
      place.log.openGate(place.id)
      assert.equal((await handle.result() as CallOutcome).result, 'done')
    },
  },
  {
    name: 'an activity that sends heartbeats is told that its cancelled workflow has ended',
    async run(_t, place) {
      const handle = await startRunning(place, place.id, callUncaught, { whenCancelled: 'throws', beatMs: 20 }, { heartbeatTimeout: 2_000 })
      await handle.cancel()
      assert.ok((await failureOf(handle)).cause instanceof CancelledFailure)
      await place.log.until(place.id, 'cancelled')
    },
  },
  {
    name: 'an activity without heartbeats is told that its workflow has ended: cancelled, terminated by its own process or by another',
    isLong: true,
    async run(_t, place) {
      const { id, log, engine } = place
      const cancelled = await startRunning(place, `${id} cancelled`, callUncaught, { whenCancelled: 'throws' }, {})
      await cancelled.cancel()
      const terminated = await startRunning(place, `${id} terminated`, callUncaught, { whenCancelled: 'throws' }, {})
      await terminated.terminate('no longer needed')
      const owner = await place.addReady({ taskQueues: [id], runs: 'both' })
      const key = `${id} local`
      await owner.start({ workflow: 'call', workflowId: key, args: ['hold', [key, { whenCancelled: 'throws' }], oneMinute] })
      await log.until(key, 'begin')
      await place.described(key, ({ pendingActivities: [pending] }) => pending?.lastStartedTime !== undefined)
      await engine.workflows.terminate(key)
      assert.ok((await failureOf(cancelled)).cause instanceof CancelledFailure)
      for (const name of ['cancelled', 'terminated', 'local']) await log.until(`${id} ${name}`, 'cancelled')
    },
  },
  {
    name: 'an activity in the process of its workflow is told as well, with and without heartbeats',
    isLong: true,
    async run(_t, place) {
      const { id, log } = place
      const owner = await place.addReady({ taskQueues: [`${id} all`], runs: 'both' })
      const silent = [`${id} silent`, {}, {}] as const
      const beats = [`${id} beating`, { beatMs: 20 }, { heartbeatTimeout: 2_000 }] as const
      for (const [key, beat, options] of [silent, beats]) {
        const args = ['hold', [key, { whenCancelled: 'cleans up', ...beat }], { ...oneMinute, ...waiting, ...options }]
        await owner.start({ workflow: 'call', workflowId: key, args })
        assert.equal((await log.until(key, 'begin'))[0]?.pid, owner.pid)
        await place.engine.workflows.cancel(key)
        assert.equal((await place.engine.workflows.getResult<CallOutcome>(key)).result, 'cleaned up')
        assert.deepEqual(log.of(key).map(({ event }) => event), ['begin', 'cancelled', 'end'])
      }
    },
  },
  {
    name: 'an activity that waits for a worker is cancelled without having run, and nobody runs it later',
    async run(_t, place) {
      const { id, log, engine } = place
      for (const [key, type] of [[`${id} try`, 'TRY_CANCEL'], [`${id} wait`, 'WAIT_CANCELLATION_COMPLETED']] as const) {
        const options = { ...oneMinute, taskQueue: id, cancellationType: type }
        const handle = await place.startAs(key, callAndGiveUp, 'hold', [key, { whenCancelled: 'throws' }], options)
        await place.described(key, ({ pendingActivities: [pending] }) => pending?.state === 'SCHEDULED')
        await handle.signal(giveUp)
        await place.described(key, ({ pendingActivities }) => pendingActivities.length === 0)
        await handle.signal(proceed)
        assert.equal((await handle.result() as CallOutcome).failure?.cause, 'CancelledFailure')
      }
      await place.addReady({ taskQueues: [id] })
      const next = await place.startAs(`${id} next`, call, 'step', [`${id} next`, 1], { ...oneMinute, taskQueue: id })
      await next.result()
      assert.deepEqual(log.read().filter((line) => line.key.startsWith(`${id} `)).map(({ key }) => key), [`${id} next`, `${id} next`])
      assert.equal(await engine.workflows.count({ workflowIdPrefix: `${id} `, status: 'running' }), 0)
    },
  },
  {
    name: 'an activity whose worker is killed after it was asked to stop counts as cancelled and is not run again',
    isLong: true,
    async run(_t, place) {
      const { id, log } = place
      const worker = await place.addReady({ taskQueues: [id] })
      const handle = await startRunning(place, id, call, { whenCancelled: 'goes on' }, { ...waiting, taskQueue: id })
      await handle.cancel()
      await log.until(id, 'cancelled')
      await worker.kill()
      assert.equal((await handle.result() as CallOutcome).failure?.cause, 'CancelledFailure')
      assert.equal(log.of(id, 'begin').length, 1)
    },
  },
  {
    name: 'an activity that ends after its workflow was terminated does nothing to the next run of that workflow id',
    async run(_t, place) {
      const { id, log, engine } = place
      const first = await startRunning(place, `${id} first`, call, { whenCancelled: 'goes on' }, {}, id)
      await first.terminate('no longer needed')
      const second = await startRunning(place, `${id} second`, call, { whenCancelled: 'goes on' }, {}, id)
      log.openGate(`${id} first`)
      await log.until(`${id} first`, 'end')
      const next = await place.startAs(`${id} next`, call, 'step', [`${id} next`, 1], { ...oneMinute, taskQueue: 'activities' })
      await next.result()
      assert.equal(log.of(`${id} next`, 'end')[0]?.pid, place.worker.pid, 'its worker works on')
      assert.equal((await second.getStatus()).status, 'RUNNING')
      log.openGate(`${id} second`)
      assert.equal((await second.result() as CallOutcome).result, 'done')
      const history = await engine.workflows.history(id, first.runId)
      assert.deepEqual(history.map(({ eventType }) => eventType), ['WorkflowExecutionStarted', 'WorkflowExecutionTerminated'])
      assert.deepEqual((await engine.workflows.describe(id, first.runId)).pendingActivities, [])
    },
  },
]

/** A workflow whose activity runs on another worker. */
async function running(place: Place, manner: HoldManner, options: Partial<ActivityOptions>): Promise<WorkflowHandle> {
  return startRunning(place, place.id, call, manner, options)
}

async function startRunning(
  place: Place, key: string, workflow: typeof callUncaught, manner: HoldManner, options: Partial<ActivityOptions>, workflowId = key,
): Promise<WorkflowHandle> {
  const handle = await place.startAs(workflowId, workflow, 'hold', [key, manner], { ...oneMinute, taskQueue: 'activities', ...options })
  await place.log.until(key, 'begin')
  return handle
}

function events({ id, log }: Place): readonly string[] {
  return log.of(id).map(({ event }) => event)
}

async function failureOf(handle: WorkflowHandle): Promise<WorkflowFailedError> {
  try {
    await handle.result()
  } catch (error) {
    if (error instanceof WorkflowFailedError) return error
    throw error
  }
  return assert.fail('it did not fail')
}
