import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { QueueDescription } from '@perdure/engine'
import { Arena, completed, leaseMs, payload, type Harness } from '../arena.ts'

const none = { activitiesPerSecond: null, maxConcurrentActivities: null }

async function describe(arena: Arena, taskQueue = arena.queue): Promise<QueueDescription> {
  return arena.store.describeQueue(arena.namespace, taskQueue)
}

export function queueScenarios(harness: Harness): void {
  descriptions(harness)
  lists(harness)
}

function descriptions(harness: Harness): void {
  test('a queue that nobody knows is described as empty', async () => {
    const arena = new Arena(harness())
    const before = await arena.store.ping()
    const { now, ...description } = await describe(arena, 'nobody knows')
    assert.ok(now >= before)
    assert.deepEqual(description, {
      namespace: arena.namespace, taskQueue: 'nobody knows', limits: none, activitiesPerSecondUsed: null, workers: [],
      executions: { waiting: 0, waitingSince: null },
      activities: { waiting: 0, waitingSince: null, delayed: 0, running: 0, types: [] },
    })
  })

  test('workers that serve the queue are named with what they have', async () => {
    const arena = new Arena(harness())
    const first = await arena.worker({ taskQueues: ['x', arena.queue], activityTypes: ['charge', 'refund'], workflowTypes: [] })
    const second = await arena.worker({ buildId: 'build-2' })
    const [elsewhere, dead] = [await arena.worker({ taskQueues: ['x'] }), await arena.worker()]
    await arena.store.retireWorker(dead.incarnation)
    const { workers } = await describe(arena)
    const listed = await arena.store.listWorkers(arena.namespace)
    assert.deepEqual(workers, listed.filter(({ incarnation }) => [first, second].some(one => one.incarnation === incarnation)))
    assert.deepEqual(workers.map(one => [one.buildId, one.activityTypes, one.workflowTypes]), [
      ['build-1', ['charge', 'refund'], []], ['build-2', ['charge'], ['order']],
    ])
    assert.deepEqual((await describe(arena, 'x')).workers.map(one => one.incarnation), [first.incarnation, elsewhere.incarnation])
  })

  test('a worker whose lease has ended serves nothing, also where nobody took over from it', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    await arena.ageWorker(worker, leaseMs + 1_000)
    assert.deepEqual((await describe(arena)).workers, [])
    assert.deepEqual(await arena.store.listQueues(arena.namespace), [])
    await arena.store.tick(worker, leaseMs)
    assert.equal((await describe(arena)).workers.length, 1)
  })

  test('executions that a worker could claim now are counted, with the time since when', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker({ taskQueues: ['elsewhere'] })
    const later = (await arena.store.ping()) + 3_600_000
    await arena.started(null, { wakeAt: 3_000, priority: 1 })
    await arena.started(null, { wakeAt: 2_000, priority: 4 })
    await arena.started(null, { wakeAt: later, priority: 2 })
    await arena.started(null, { wakeAt: 10, taskQueue: 'elsewhere' })
    await arena.started(null, { wakeAt: 10, namespace: `${arena.namespace}-2` })
    await arena.started(worker, { wakeAt: 10 })
    assert.deepEqual((await describe(arena)).executions, { waiting: 2, waitingSince: 2_000 })
    assert.deepEqual((await describe(arena, 'elsewhere')).executions, { waiting: 1, waitingSince: 10 })
  })

  test('an execution that a message woke waits, one that sleeps on or is held does not', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const later = (await arena.store.ping()) + 3_600_000
    const released = async (wakeAt: number | null, held: 'task_failure' | null = null) => {
      const start = await arena.started(worker)
      const reason = held === null ? null : { code: held, reason: 'r', buildId: 'build-1', count: 1, spent: false }
      await arena.transit(worker, start.runId, { release: { wakeAt, held: reason } })
      return start
    }
    const woken = [await released(null), await released(later)]
    await released(null)
    await arena.signal(await released(1_500, 'task_failure'))
    const delayed = await arena.started(null, { wakeAt: later })
    for (const start of [...woken, delayed]) await arena.signal(start) // a signal does not end a start delay
    assert.deepEqual((await describe(arena)).executions, { waiting: 2, waitingSince: null })
    await arena.signal(await released(4_000))
    assert.deepEqual((await describe(arena)).executions, { waiting: 3, waitingSince: 4_000 })
  })

  test('tasks are counted by type: those that wait, since when, those that are delayed; and those that run', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker({ activityTypes: ['charge', 'ship'] })
    await arena.worker({ activityTypes: ['refund'], taskQueues: ['elsewhere'] })
    const later = (await arena.store.ping()) + 3_600_000
    const start = await arena.started(worker)
    await arena.transit(worker, start.runId, {
      tasks: [
        { availableAt: 2_000 }, { availableAt: 1_500, priority: 5 }, { availableAt: later }, { activityType: 'refund', availableAt: 1_700 },
        { activityType: 'refund', availableAt: later, priority: 1 }, { activityType: 'ship', availableAt: later },
        { taskQueue: 'elsewhere' }, { activityType: 'ship', availableAt: 900, priority: 0 },
      ].map((overrides, index) => arena.task(start, index + 1, overrides)),
    })
    assert.deepEqual((await arena.claimTasks(worker, 900, 1)).map(task => task.activityType), ['ship'])
    assert.deepEqual((await describe(arena)).activities, {
      waiting: 3, waitingSince: 1_500, delayed: 3, running: 1,
      types: [
        { activityType: 'charge', waiting: 2, waitingSince: 1_500, delayed: 1, served: true },
        { activityType: 'refund', waiting: 1, waitingSince: 1_700, delayed: 1, served: false },
        { activityType: 'ship', waiting: 0, waitingSince: null, delayed: 1, served: true },
      ],
    })
    await arena.store.retireWorker(worker.incarnation)
    const { running, types } = (await describe(arena)).activities
    assert.deepEqual([running, types.map(type => type.served)], [0, [false, false, false]])
  })

  test('the rate that is used is counted where there are limits, and forgotten', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await arena.started(worker)
    await arena.transit(worker, start.runId, { tasks: Array.from({ length: 30 }, (_, index) => arena.task(start, index + 1)) })
    const used = async () => (await describe(arena)).activitiesPerSecondUsed ?? -1
    assert.equal(await used(), -1)
    await arena.store.setQueueLimits(arena.namespace, arena.queue, { maxConcurrentActivities: 25 })
    assert.equal(await used(), 0)
    assert.equal((await arena.claimTasks(worker, 5_000, 100)).length, 25)
    const first = await used()
    assert.ok(first > 1 && first <= 5, `${first}`) // 25 in the last five seconds
    await arena.ageQueue(10_000)
    const second = await used()
    assert.ok(second > 0 && second < first / 5, `${second}`)
    await arena.ageQueue(3_600_000)
    assert.ok(await used() < 1e-6)
  })
}

function lists(harness: Harness): void {
  test('every queue with limits, a worker, an open execution or a task is listed, once, by name', async () => {
    const arena = new Arena(harness())
    const list = () => arena.store.listQueues(arena.namespace)
    assert.deepEqual(await list(), [])
    const worker = await arena.worker({ taskQueues: ['served', 'b'] })
    await arena.store.setQueueLimits(arena.namespace, 'limited', { maxConcurrentActivities: 1 })
    await arena.store.setQueueLimits(`${arena.namespace}-2`, 'another', { maxConcurrentActivities: 1 })
    const later = (await arena.store.ping()) + 3_600_000
    for (const wakeAt of [1_000, 2_000, later]) await arena.started(null, { taskQueue: `due ${wakeAt > 2_000}`, wakeAt })
    for (const held of [null, { code: 'task_failure', reason: 'r', buildId: 'b', count: 1, spent: false }] as const) {
      const start = await arena.started(worker, { taskQueue: held === null ? 'dormant' : 'held' })
      await arena.transit(worker, start.runId, { release: { wakeAt: null, held } })
    }
    const closed = await arena.started(null, { taskQueue: 'closed' })
    await arena.store.terminate({ ...closed, failure: completed.result, at: 2_000 })
    const owned = await arena.started(worker, { taskQueue: 'b' })
    await arena.transit(worker, owned.runId, {
      tasks: [arena.task(owned, 1, { taskQueue: 'Tasks' }), arena.task(owned, 2, { taskQueue: 'ägypten' })],
    })
    const expected = ['Tasks', 'b', 'dormant', 'due false', 'due true', 'held', 'limited', 'served', 'ägypten']
    assert.deepEqual(await list(), expected)
    assert.equal((await arena.claimTasks({ ...worker, taskQueues: ['Tasks'] }, 5_000, 5)).length, 1)
    assert.deepEqual(await list(), expected) // one that runs counts as well
    assert.deepEqual(await arena.store.listQueues(`${arena.namespace}-2`), ['another'])
  })

  test('a queue is gone with the last that was in it', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await arena.started(worker)
    await arena.transit(worker, start.runId, { tasks: [arena.task(start, 1, { taskQueue: 'once' })] })
    assert.deepEqual(await arena.store.listQueues(arena.namespace), ['once', 'orders'])
    const outcome = { type: 'post', eventType: 'E', data: payload(1) } as const
    await arena.store.endTasks([{ runId: start.runId, command: 1, attempt: 1, outcome }])
    assert.deepEqual(await arena.store.listQueues(arena.namespace), ['orders'])
  })
}
