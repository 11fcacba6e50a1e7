/** Task queues that several workers share: priorities, slots, nobody there, and what activities tell that cannot be stored. */
import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { type EngineOptions, PerdureError, type WorkerOptions, type WorkflowHandle } from 'perdure'
import type { ActivityOptions } from 'perdure/workflow'
import type { BeatError } from '../activities.ts'
import type { Place, Scenario } from '../worker-suite.ts'
import { call, callAll, type CallOutcome } from '../workflows.ts'

const oneMinute = { startToCloseTimeout: '1 minute' } as const
const priorities = [5, undefined, 1, 4, 3, 2, 5, 1, undefined] as const
const inTheirOrder = [1, 1, 2, 3, 3, 3, 4, 5, 5]

export const queueScenarios: readonly Scenario[] = [
  {
    name: 'a worker with one slot takes what waits by priority, 1 before 3 before 5',
    isLong: true,
    async run(_t, place) {
      const handle = await startAll(place, place.id)
      await place.addReady({ taskQueues: [place.id], worker: { maxConcurrentActivities: 1 } })
      await handle.result()
      assert.deepEqual(orderOf(place), inTheirOrder)
    },
  },
  {
    name: 'what comes while its one slot is taken is taken by priority',
    async run(_t, place) {
      const { id, log } = place
      await place.addReady({ taskQueues: [id], worker: { maxConcurrentActivities: 1 } })
      const options = { ...oneMinute, taskQueue: id }
      const blocking = await place.startAs(`${id} block`, call, 'hold', [`${id} block`, { whenCancelled: 'throws' }], options)
      await log.until(`${id} block`, 'begin')
      const handle = await startAll(place, id)
      log.openGate(`${id} block`)
      await Promise.all([handle.result(), blocking.result()])
      assert.deepEqual(orderOf(place), inTheirOrder)
    },
  },
  {
    name: 'a worker with one slot that runs the workflows too takes what waits by priority',
    isLong: true,
    async run(_t, place) {
      const { id, log } = place
      const owner = await place.addReady({ taskQueues: [id], runs: 'both', worker: { maxConcurrentActivities: 1 } })
      const args = ['hold', [`${id} block`, { whenCancelled: 'throws' }], oneMinute]
      await owner.start({ workflow: 'call', workflowId: `${id} block`, args })
      await log.until(`${id} block`, 'begin')
      await owner.start({ workflow: 'callAll', workflowId: id, args: [callsOf(id, id)] })
      await place.described(id, ({ pendingActivities }) => pendingActivities.length === priorities.length)
      log.openGate(`${id} block`)
      await place.engine.workflows.getResult(id)
      assert.deepEqual(orderOf(place), inTheirOrder)
    },
  },
  {
    name: 'a worker runs no more activities at once than it has slots, its own and those that waited',
    async run(_t, place) {
      const { id, log } = place
      const slots = 2
      const owner = await place.addReady({ taskQueues: [id], runs: 'both', worker: { maxConcurrentActivities: slots } })
      const ids = Array.from({ length: 8 }, (_, number) => `${id} flood-${number}`)
      await Promise.all(ids.map((workflowId) => owner.start({ workflow: 'flood', workflowId, args: [id, 5, 10] })))
      await Promise.all(ids.map((workflowId) => place.engine.workflows.getResult(workflowId)))
      let [running, most] = [0, 0]
      for (const { event } of log.read().filter(({ workflowId }) => ids.includes(workflowId))) {
        running += event === 'begin' ? 1 : -1
        most = Math.max(most, running)
      }
      assert.deepEqual([running, most], [0, slots])
    },
  },
  {
    name: 'a queue that nobody serves is told by descriptions, by the list of queues and by the log, until a worker comes',
    isLong: true,
    async run(_t, place) {
      const { id, engine, warnings } = place
      const handle = await place.start(call, 'step', [id, 1], { ...oneMinute, taskQueue: id })
      const { status, pendingActivities, problem } = await place.described(id, ({ pendingActivities }) => pendingActivities.length > 0)
      assert.equal(status, 'RUNNING')
      const facts = pendingActivities.map(({ activityType, taskQueue, state, attempt }) => ({ activityType, taskQueue, state, attempt }))
      assert.deepEqual(facts, [{ activityType: 'step', taskQueue: id, state: 'SCHEDULED', attempt: 1 }])
      assert.equal(problem, `no worker serves task queue '${id}', where activity 'step' waits: start one that has it`)
      const queue = await engine.taskQueues.describe(id)
      assert.deepEqual([queue.workers, queue.activities.waiting], [[], 1])
      assert.match(queue.problems.join(), /^1 activity waits, and no worker serves task queue/)
      assert.ok((await engine.taskQueues.list()).includes(id))
      while (!warnings.some((message) => message.startsWith(`No worker serves task queue '${id}', where activity 'step'`))) await pause(20)
      const worker = await place.addReady({ taskQueues: [id] })
      assert.equal((await handle.result() as CallOutcome).failure, undefined)
      const served = await engine.taskQueues.describe(id)
      assert.deepEqual([served.workers.length, served.problems], [1, []])
      await worker.drain()
      assert.deepEqual((await engine.taskQueues.describe(id)).workers, [])
    },
  },
  {
    name: 'heartbeat details that cannot be stored are refused in the activity, and those before them are kept',
    async run(_t, place) {
      for (const [bad, code, message] of badDetails) {
        const key = `${place.id} ${bad}`
        const options = { ...oneMinute, taskQueue: 'activities', retry: atOnce }
        const handle = await place.startAs(key, call, 'beatBadly', [key, bad, 'catches'], options)
        const { refused, given } = (await handle.result() as CallOutcome).result as { readonly refused: BeatError; readonly given: unknown }
        assert.equal(refused.code, code)
        assert.match(refused.message, message)
        assert.deepEqual(given, { good: 1 })
      }
    },
  },
  {
    name: 'heartbeat details that cannot be stored fail the attempt that does not catch the error, and those before them are kept',
    async run(_t, place) {
      for (const [bad] of badDetails) {
        const key = `${place.id} ${bad}`
        const options = { ...oneMinute, taskQueue: 'activities', retry: { ...atOnce, maximumAttempts: 2 } }
        const handle = await place.startAs(key, call, 'beatBadly', [key, bad, 'throws'], options)
        const { failure } = await handle.result() as CallOutcome
        assert.deepEqual([failure?.cause, failure?.retryState], ['ApplicationFailure', 'MAXIMUM_ATTEMPTS_REACHED'])
        assert.deepEqual(place.log.of(key, 'begin').map(({ value }) => value), [undefined, { good: 1 }])
      }
    },
  },
  {
    name: 'a limit of zero or below is refused by its name, with what to give instead',
    async run(_t, place) {
      for (const wrong of [0, -1, Number.NaN]) {
        const ofWorker = (worker: WorkerOptions, message: RegExp): Promise<void> => refused(() => place.open({ worker }), message)
        await ofWorker({ activitiesPerSecond: wrong }, /activitiesPerSecond of the worker .* above 0/)
        await ofWorker({ maxConcurrentActivities: wrong }, /maxConcurrentActivities of the worker .* at least 1/)
        await ofWorker({ maxConcurrentWorkflows: wrong }, /maxConcurrentWorkflows of the worker .* at least 1/)
        const ofQueue = (slow: QueueOptions, message: RegExp): Promise<void> => refused(() => place.open({ queues: { slow } }), message)
        await ofQueue({ activitiesPerSecond: wrong }, /activitiesPerSecond of the queue 'slow' .* above 0/)
        await ofQueue({ maxConcurrentActivities: wrong }, /maxConcurrentActivities of the queue 'slow'/)
      }
    },
  },
]

type QueueOptions = NonNullable<EngineOptions['queues']>[string]

const atOnce = { initialInterval: 1 }
const badDetails = [
  ['too large', 'PAYLOAD_TOO_LARGE', /heartbeat details of activity 'beatBadly'.*2 MiB|2 MiB.*heartbeat details of activity 'beatBadly'/s],
  ['a Map', 'PAYLOAD_NOT_SERIALISABLE', /heartbeat details of activity 'beatBadly'.*pages/s],
  ['a circle', 'PAYLOAD_NOT_SERIALISABLE', /heartbeat details of activity 'beatBadly'.*self/s],
] as const

function callsOf(id: string, taskQueue: string): Parameters<typeof callAll>[0] {
  return priorities.map((priorityKey, number) => {
    const options: ActivityOptions = { ...oneMinute, taskQueue, ...(priorityKey === undefined ? {} : { priority: { priorityKey } }) }
    return ['step', [`${id} ${number} priority ${priorityKey ?? 3}`, 5], options] as const
  })
}

/** Comes back when all of them wait. */
async function startAll(place: Place, taskQueue: string): Promise<WorkflowHandle> {
  const handle = await place.start(callAll, callsOf(place.id, taskQueue))
  await place.described(place.id, ({ pendingActivities }) => pendingActivities.length === priorities.length)
  return handle
}

function orderOf({ id, log }: Place): readonly number[] {
  const begins = log.read().filter(({ event, key }) => event === 'begin' && key.startsWith(`${id} `) && key.includes('priority'))
  return begins.map(({ key }) => Number(key.at(-1)))
}

async function refused(open: () => Promise<unknown>, message: RegExp): Promise<void> {
  await assert.rejects(open, (error) => {
    assert.ok(error instanceof PerdureError, String(error))
    assert.equal(error.code, 'ENGINE_OPTIONS_INVALID')
    assert.match(error.message, message)
    return true
  })
}
