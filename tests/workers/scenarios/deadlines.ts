/** Deadlines of activities that run in other processes, or nowhere: kept whoever lives or dies. */
import assert from 'node:assert/strict'
import type { ActivityOptions } from 'perdure/workflow'
import { checkElapsed, earlyMsMax, lateMsMax } from '../timing.ts'
import { type Place, type Scenario, tickMs } from '../worker-suite.ts'
import { call, type CallOutcome } from '../workflows.ts'

const hanging = { whenCancelled: 'goes on' } as const
const atOnce = { initialInterval: 1 }

export const deadlineScenarios: readonly Scenario[] = [
  {
    name: 'start-to-close ends each attempt of an activity that hangs, at its time',
    async run(_t, place) {
      const { id, log } = place
      const options = { taskQueue: 'activities', startToCloseTimeout: 700, retry: { ...atOnce, maximumAttempts: 3 } }
      const outcome = await called(place, 'hold', hanging, options)
      assert.deepEqual([outcome.failure?.timeoutType, outcome.failure?.retryState], ['START_TO_CLOSE', 'MAXIMUM_ATTEMPTS_REACHED'])
      const begins = log.of(id, 'begin')
      assert.deepEqual(begins.map(({ attempt }) => attempt), [1, 2, 3])
      const ends = [...begins.slice(1).map(({ dueAt }) => dueAt), outcome.endedAt]
      for (const [index, { dueAt, attempt }] of begins.entries()) checkElapsed((ends[index] ?? 0) - dueAt, 700, `attempt ${attempt}`)
    },
  },
  {
    name: 'a heartbeat timeout ends an activity that falls silent, at its time, and tells how far it was',
    async run(_t, place) {
      const { id, log } = place
      const manner = { ...hanging, beatMs: 200, beatsMax: 3 }
      const once = { retry: { maximumAttempts: 1 } }
      const options = { taskQueue: 'activities', startToCloseTimeout: '1 minute', heartbeatTimeout: 2_000, ...once } as const
      const outcome = await called(place, 'hold', manner, options)
      assert.deepEqual(outcome.failure, {
        retryState: 'MAXIMUM_ATTEMPTS_REACHED', cause: 'TimeoutFailure', timeoutType: 'HEARTBEAT', lastHeartbeatDetails: { beat: 3 },
      })
      checkElapsed(outcome.endedAt - (log.of(id, 'begin')[0]?.dueAt ?? 0), 2 * 200 + 2_000, 'the silent activity')
    },
  },
  {
    name: 'heartbeats are stored no more often than their timeout asks for, however often they are sent',
    async run(_t, place) {
      const { id, log } = place
      const calling = called(place, 'hold', { ...hanging, beatMs: 5, shortFrom: 2 }, {
        taskQueue: 'activities', startToCloseTimeout: 2_500, heartbeatTimeout: 2_000, retry: { ...atOnce, maximumAttempts: 2 },
      })
      await log.until(id, 'begin')
      const stored = new Set<unknown>()
      await place.described(id, ({ status, pendingActivities: [pending] }) => {
        if (pending?.attempt === 1) stored.add(JSON.stringify(pending.heartbeatDetails))
        return status !== 'RUNNING'
      })
      assert.equal((await calling).result, 'done')
      // None, the first, and one every 1,600 ms.
      assert.ok(stored.size <= 4, `${stored.size} details were stored`)
    },
  },
  {
    name: 'schedule-to-close ends an activity that fails again and again, before a retry that would begin too late',
    async run(_t, place) {
      const { id, log } = place
      const retry = { initialInterval: 300, backoffCoefficient: 100 }
      const outcome = await called(place, 'fail', undefined, { taskQueue: 'activities', scheduleToCloseTimeout: '10 seconds', retry })
      assert.deepEqual([outcome.failure?.cause, outcome.failure?.retryState], ['ApplicationFailure', 'TIMEOUT'])
      assert.deepEqual(log.of(id, 'begin').map(({ attempt }) => attempt), [1, 2])
      assert.ok(outcome.endedAt - outcome.calledAt < 10_000, 'nobody waited for the rest of the time')
    },
  },
  {
    name: 'schedule-to-close ends an attempt that runs, at its time',
    async run(_t, place) {
      const outcome = await called(place, 'hold', hanging, { taskQueue: 'activities', scheduleToCloseTimeout: 900, retry: atOnce })
      assert.deepEqual([outcome.failure?.timeoutType, outcome.failure?.retryState], ['SCHEDULE_TO_CLOSE', 'TIMEOUT'])
      checkElapsed(outcome.endedAt - outcome.calledAt, 900, 'the activity')
    },
  },
  {
    name: 'schedule-to-start and schedule-to-close end an activity on a queue that nobody serves, at their time',
    async run(_t, place) {
      const late = await called(place, 'hold', hanging, { scheduleToStartTimeout: 700, startToCloseTimeout: '1 minute' })
      assert.deepEqual([late.failure?.timeoutType, late.failure?.retryState], ['SCHEDULE_TO_START', 'TIMEOUT'])
      checkElapsed(late.endedAt - late.calledAt, 700, 'schedule-to-start')
      const closed = await called(place, 'hold', hanging, { scheduleToCloseTimeout: 700 }, `${place.id} again`)
      assert.deepEqual([closed.failure?.timeoutType, closed.failure?.retryState], ['SCHEDULE_TO_START', 'TIMEOUT'])
      checkElapsed(closed.endedAt - closed.calledAt, 700, 'schedule-to-close')
      assert.deepEqual(place.log.of(place.id), [])
    },
  },
  {
    name: 'schedule-to-close holds when the only worker of the queue was killed',
    isLong: true,
    async run(_t, place) {
      const { id, log } = place
      const worker = await place.addReady({ taskQueues: [id] })
      const calling = called(place, 'hold', hanging, { scheduleToCloseTimeout: 3_000, retry: atOnce })
      await log.until(id, 'begin')
      await worker.kill()
      const outcome = await calling
      assert.deepEqual([outcome.failure?.timeoutType, outcome.failure?.retryState], ['SCHEDULE_TO_CLOSE', 'TIMEOUT'])
      checkElapsed(outcome.endedAt - outcome.calledAt, 3_000, 'schedule-to-close')
      assert.equal(log.of(id, 'begin').length, 1)
    },
  },
  {
    name: 'deadlines are kept by an activity worker while no worker of the workflow lives',
    isLong: true,
    async run(_t, place) {
      const { id, log } = place
      const owner = await place.addReady({ taskQueues: [`${id} workflows`], runs: 'workflows' })
      await place.addReady({ taskQueues: [id] })
      await owner.start({ workflow: 'call', workflowId: id, args: ['hold', [id, hanging], {
        taskQueue: id, startToCloseTimeout: 1_200, retry: { ...atOnce, maximumAttempts: 2 },
      }] })
      await log.until(id, 'begin')
      await owner.kill()
      const [first, second] = await log.until(id, 'begin', 2)
      assert.ok(first !== undefined && second !== undefined)
      checkElapsed(second.dueAt - first.dueAt, 1_200, 'attempt 1')
      await place.described(id, ({ pendingActivities }) => pendingActivities.length === 0)
      checkElapsed(Date.now() - second.dueAt, 1_200, 'attempt 2')
      await place.addReady({ taskQueues: [`${id} workflows`], runs: 'workflows' })
      const outcome = await place.engine.workflows.getResult(id) as CallOutcome
      assert.deepEqual([outcome.failure?.timeoutType, outcome.failure?.retryState], ['START_TO_CLOSE', 'MAXIMUM_ATTEMPTS_REACHED'])
    },
  },
  {
    name: 'the deadlines of a frozen worker are kept by others, and what it returns when it goes on harms nobody',
    async run(_t, place) {
      const { id, log } = place
      const frozen = await place.addReady({ taskQueues: [id] })
      const retry = { ...atOnce, maximumAttempts: 2 }
      const beating = { startToCloseTimeout: '1 minute', heartbeatTimeout: 1_500, retry } as const
      const calls = [
        called(place, 'hold', { ...hanging, shortFrom: 2 }, { startToCloseTimeout: 1_500, retry }, `${id} started`),
        called(place, 'hold', { ...hanging, shortFrom: 2, beatMs: 100 }, beating, `${id} beating`),
      ]
      const keys = [`${id} started`, `${id} beating`]
      await Promise.all(keys.map((key) => log.until(key, 'begin')))
      await place.described(`${id} beating`, ({ pendingActivities: [pending] }) => pending?.heartbeatDetails !== undefined)
      frozen.freeze()
      const frozenAt = Date.now()
      const other = await place.addReady({ taskQueues: [id] })
      for (const outcome of await Promise.all(calls)) assert.equal(outcome.result, 'done')
      for (const key of keys) {
        const [first, second, ...more] = log.of(key, 'begin')
        assert.ok(first !== undefined && second !== undefined && more.length === 0)
        assert.deepEqual([first.pid, second.pid, second.attempt], [frozen.pid, other.pid, 2])
        if (key.endsWith('started')) checkElapsed(second.dueAt - first.dueAt, 1_500, 'start-to-close')
        else assert.ok(second.at > frozenAt, 'while it sent heartbeats it was left alone')
      }
      await other.kill()
      for (const key of keys) log.openGate(key)
      frozen.thaw()
      await Promise.all(keys.map(async (key) => assert.deepEqual((await log.until(key, 'end', 2)).map(({ attempt }) => attempt), [2, 1])))
      assert.equal((await called(place, 'step', 10, { startToCloseTimeout: '1 minute' }, `${id} next`)).endedAt > frozenAt, true)
      assert.equal(log.of(`${id} next`, 'end')[0]?.pid, frozen.pid, 'it works on')
      await checkUnchanged(place, keys)
    },
  },
]

const deadlines = 40

export const punctualScenarios: readonly Scenario[] = [
  {
    name: `the ${deadlines} deadlines of a frozen worker are kept within a tick`,
    isLong: true,
    async run(t, place) {
      const { id, log } = place
      const frozen = await place.addReady({ taskQueues: [id], worker: { maxConcurrentActivities: deadlines } })
      const keys = Array.from({ length: deadlines }, (_, number) => `${id} ${number}`)
      const timeoutOf = (number: number): number => 3_000 + number * 50
      const retry = { ...atOnce, maximumAttempts: 2 }
      const calls = keys.map((key, number) => (
        called(place, 'hold', { ...hanging, shortFrom: 2 }, { startToCloseTimeout: timeoutOf(number), retry }, key)))
      const dueAt = await Promise.all(keys.map(async (key, number) => {
        await log.until(key, 'begin')
        const { pendingActivities: [pending] } = await place.engine.workflows.describe(key)
        return Number(pending?.lastStartedTime) + timeoutOf(number)
      }))
      frozen.freeze()
      await place.addReady({ taskQueues: [id], worker: { maxConcurrentActivities: deadlines } })
      for (const outcome of await Promise.all(calls)) assert.equal(outcome.result, 'done')
      const lateMs = keys.map((key, number) => {
        const [first, second, ...more] = log.of(key, 'begin')
        assert.deepEqual([first?.attempt, second?.attempt, more.length], [1, 2, 0])
        return (second?.dueAt ?? 0) - (dueAt[number] ?? 0)
      }).sort((a, b) => a - b)
      const [earliest = -Infinity, median = Infinity, latest = Infinity] = [lateMs[0], lateMs[lateMs.length >> 1], lateMs.at(-1)]
      t.diagnostic(`ended ${median} ms late, the first ${earliest}, the last ${latest}`)
      assert.ok(earliest >= -earlyMsMax && latest <= lateMsMax, `${earliest} to ${latest} ms late`)
      assert.ok(median <= tickMs, `half were ended more than ${median} ms late`)
    },
  },
]

/** Calls an activity on the scenario's own queue from a workflow of its own. */
async function called(
  place: Place, activity: 'hold' | 'fail' | 'step', manner: unknown, options: ActivityOptions, key = place.id,
): Promise<CallOutcome> {
  const args = manner === undefined ? [key] : [key, manner]
  const handle = await place.startAs(key, call, activity, args, { taskQueue: place.id, ...options })
  return handle.result() as Promise<CallOutcome>
}

/** Of each activity the history has one end, that of attempt 2. */
async function checkUnchanged({ engine }: Place, keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    const history = await engine.workflows.history(key)
    const events = history.map(({ eventType, attributes }) => (eventType === 'ActivityTaskStarted' ? attributes['attempt'] : eventType))
    const expected = ['WorkflowExecutionStarted', 'ActivityTaskScheduled', 2, 'ActivityTaskCompleted', 'WorkflowExecutionCompleted']
    assert.deepEqual(events, expected)
    assert.deepEqual((await engine.workflows.describe(key)).pendingActivities, [])
  }
}
