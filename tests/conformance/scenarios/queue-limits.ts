import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ActivityTask, QueueLimits, Serving, StartRecord, Store } from '@perdure/engine'
import { Arena, payload, type Harness } from '../arena.ts'

interface Stage {
  readonly arena: Arena
  readonly worker: Serving
  readonly start: StartRecord
  limit(limits: Partial<QueueLimits>, taskQueue?: string): Promise<void>
  /** How many tasks a claim got, and how long after its `now` to look again. */
  claimed(worker?: Serving, limit?: number): Promise<readonly [count: number, waitMs: number | null]>
}

/** Later than every task of the arena. */
const now = 5_000
/** A token in 100 s: what a test takes of its time does not count. */
const slow = { activitiesPerSecond: 0.01 }
const slowMs = 100_000

/** A running execution with these tasks, or so many. */
async function stage(harness: Harness, tasks: number | readonly Partial<ActivityTask>[]): Promise<Stage> {
  const arena = new Arena(harness())
  const worker = await arena.worker()
  const start = await arena.started(worker)
  const rows = typeof tasks === 'number' ? Array.from({ length: tasks }, () => ({})) : tasks
  await arena.transit(worker, start.runId, { tasks: rows.map((overrides, index) => arena.task(start, index + 1, overrides)) })
  return {
    arena, worker, start,
    limit: (limits, taskQueue = arena.queue) => arena.store.setQueueLimits(arena.namespace, taskQueue, limits),
    claimed: async (of = worker, limit = 1_000) => {
      const { tasks: taken, retryAt } = await arena.store.claimTasks(of, now, limit)
      return [taken.length, retryAt === null ? null : retryAt - now]
    },
  }
}

function between(value: number | null | undefined, least: number, most: number): void {
  assert.ok(value !== null && value !== undefined && value >= least && value <= most, `${value} is not within ${least} and ${most}`)
}

const commands = (tasks: readonly ActivityTask[]) => tasks.map(task => task.command)
const posted = { type: 'post', eventType: 'ActivityTaskCompleted', data: '1' } as const

export function queueLimitScenarios(harness: Harness): void {
  rates(harness)
  concurrency(harness)
  severalQueues(harness)
  ticks(harness)
  settings(harness)
  claimers(harness)
}

function rates(harness: Harness): void {
  const bursts = [[0.01, 1], [4, 1], [5, 1], [6, 2], [50, 10], [52, 11]] as const
  for (const [activitiesPerSecond, burst] of bursts) {
    test(`a rate of ${activitiesPerSecond} a second lets ${burst} begin at once`, async () => {
      const { limit, claimed } = await stage(harness, 30)
      await limit({ activitiesPerSecond })
      const [count, waitMs] = await claimed()
      assert.equal(count, burst)
      // Until the next one may begin, or a tenth of a second's.
      between(waitMs, 1, Math.ceil(Math.max(1_000 / activitiesPerSecond, 100)))
    })
  }

  test('what was begun by one worker leaves less to every other', async () => {
    const { arena, worker, limit, claimed } = await stage(harness, 30)
    const other = await arena.worker()
    await limit(slow)
    assert.equal((await claimed(other))[0], 1)
    const [count, waitMs] = await claimed(worker)
    assert.equal(count, 0)
    between(waitMs, slowMs - 10_000, slowMs)
  })

  test('what time brings back may begin, and a worker that looked too early is told how long it still takes', async () => {
    const { arena, limit, claimed } = await stage(harness, 30)
    await limit(slow)
    assert.equal((await claimed())[0], 1)
    await arena.ageQueue(slowMs * 0.9)
    const [early, waitMs] = await claimed()
    assert.equal(early, 0)
    between(waitMs, 1, slowMs * 0.1)
    await arena.ageQueue(slowMs)
    assert.equal((await claimed())[0], 1)
    assert.equal((await claimed())[0], 0)
  })

  test('an idle queue saves up no more than its burst', async () => {
    const { arena, limit, claimed } = await stage(harness, 60)
    await limit({ activitiesPerSecond: 100 })
    assert.equal((await claimed())[0], 20)
    await arena.ageQueue(3_600_000)
    assert.equal((await claimed())[0], 20)
  })

  test('the next attempt of a task counts as well', async () => {
    const { arena, worker, limit, claimed } = await stage(harness, 1)
    await limit(slow)
    const { tasks: [task] } = await arena.store.claimTasks(worker, now, 10)
    assert.ok(task !== undefined)
    const outcome = { type: 'retry', availableAt: 1, deadlineAt: null, lastFailure: payload('x'), heartbeatDetails: null } as const
    assert.deepEqual(await arena.store.endTasks([{ ...task, outcome }]), [true])
    assert.equal((await claimed())[0], 0)
    await arena.ageQueue(slowMs)
    assert.equal((await claimed())[0], 1)
  })

  test('a claim that gets all it asked for has no time to look again', async () => {
    const { limit, claimed, worker } = await stage(harness, 30)
    await limit({ activitiesPerSecond: 50 })
    assert.deepEqual(await claimed(worker, 10), [10, null])
  })

  const unmoved: readonly (readonly [string, readonly Partial<ActivityTask>[]])[] = [
    ['nothing waits', [{}]],
    ['only tasks of other types wait', [{}, { activityType: 'refund' }]],
    ['only tasks of other queues wait', [{}, { taskQueue: 'elsewhere' }]],
    ['only tasks wait that are not due', [{}, { availableAt: now + 1 }]],
  ]
  for (const [what, tasks] of unmoved) {
    test(`without tokens there is no time to look again when ${what}`, async () => {
      const { limit, claimed } = await stage(harness, tasks)
      await limit(slow)
      assert.deepEqual(await claimed(), [1, null])
      assert.deepEqual(await claimed(), [0, null])
    })
  }
}

function concurrency(harness: Harness): void {
  test('as many run at once as may, over all workers, and one more when one has ended', async () => {
    const { arena, worker, start, limit, claimed } = await stage(harness, 9)
    const other = await arena.worker()
    await limit({ maxConcurrentActivities: 3 })
    assert.deepEqual(await claimed(other, 2), [2, null])
    assert.deepEqual(await claimed(worker), [1, null])
    assert.deepEqual(await claimed(other), [0, null])
    const running = (await arena.store.readTasks(start.runId)).filter(task => task.worker !== null)
    assert.equal(running.length, 3)
    await arena.store.endTasks(running.slice(1).map(task => ({ ...task, outcome: posted })))
    assert.deepEqual(await claimed(other), [2, null])
    assert.deepEqual(await claimed(worker), [0, null])
  })

  test('a task that waits for its next attempt does not run', async () => {
    const { arena, worker, limit, claimed } = await stage(harness, 2)
    await limit({ maxConcurrentActivities: 1 })
    const { tasks: [task] } = await arena.store.claimTasks(worker, now, 10)
    assert.ok(task !== undefined)
    const outcome = { type: 'retry', availableAt: 90_000, deadlineAt: null, lastFailure: payload('x'), heartbeatDetails: null } as const
    await arena.store.endTasks([{ ...task, outcome }])
    assert.deepEqual(await claimed(), [1, null])
  })

  test('what a dead worker ran does not run any more', async () => {
    const { arena, worker, limit, claimed } = await stage(harness, 5)
    const other = await arena.worker()
    await limit({ maxConcurrentActivities: 2 })
    assert.deepEqual(await claimed(other), [2, null])
    await arena.store.retireWorker(other.incarnation)
    assert.deepEqual(await claimed(worker), [2, null])
  })

  test('activities that their worker made visible count', async () => {
    const { arena, worker, start, limit, claimed } = await stage(harness, 5)
    await limit({ maxConcurrentActivities: 3 })
    const running = { worker: worker.incarnation, startedAt: 1 }
    await arena.transit(worker, start.runId, { tasks: [arena.task(start, 11, running), arena.task(start, 12, running)] })
    assert.deepEqual(await claimed(), [1, null])
  })

  test('more may run already than may: then none begins', async () => {
    const { limit, claimed } = await stage(harness, 9)
    assert.deepEqual((await claimed(undefined, 5)), [5, null])
    await limit({ maxConcurrentActivities: 2 })
    assert.deepEqual(await claimed(), [0, null])
  })

  test('of two limits the tighter one holds', async () => {
    const { arena, start, limit, claimed } = await stage(harness, 30)
    await limit({ activitiesPerSecond: 50, maxConcurrentActivities: 4 })
    assert.deepEqual(await claimed(), [4, null])
    const running = (await arena.store.readTasks(start.runId)).filter(task => task.worker !== null)
    await limit(slow)
    await arena.store.endTasks(running.slice(0, 3).map(task => ({ ...task, outcome: posted })))
    const [count, waitMs] = await claimed()
    assert.equal(count, 1)
    between(waitMs, slowMs - 10_000, slowMs)
  })
}

function severalQueues(harness: Harness): void {
  test('a claim takes all of a queue without limits, the room of one with, and keeps the order', async () => {
    const { arena, limit } = await stage(harness, [
      { taskQueue: 'free', priority: 2, availableAt: 4 }, { taskQueue: 'slow', priority: 1, availableAt: 9 },
      { taskQueue: 'slow', priority: 1, availableAt: 8 }, { taskQueue: 'free', priority: 2, availableAt: 3 },
      { taskQueue: 'slow', priority: 2, availableAt: 1 },
    ])
    const worker = await arena.worker({ taskQueues: ['free', 'slow'] })
    await limit({ maxConcurrentActivities: 1 }, 'slow')
    const { tasks, retryAt } = await arena.store.claimTasks(worker, now, 10)
    assert.deepEqual([commands(tasks), retryAt], [[3, 4, 1], null])
  })

  test('each queue has its own limits, and the soonest time to look again is told', async () => {
    const { arena, limit } = await stage(harness, ['a', 'b', 'c'].flatMap(taskQueue => Array.from({ length: 4 }, () => ({ taskQueue }))))
    const worker = await arena.worker({ taskQueues: ['a', 'b', 'c'] })
    await limit(slow, 'a')
    await limit({ activitiesPerSecond: 0.02 }, 'b')
    await limit({ maxConcurrentActivities: 2 }, 'c')
    const { tasks, retryAt } = await arena.store.claimTasks(worker, now, 100)
    assert.deepEqual(tasks.map(task => task.taskQueue).toSorted(), ['a', 'b', 'c', 'c'])
    between((retryAt ?? 0) - now, 40_000, 50_000)
  })

  test('a limit of a queue does not hold for its name in another namespace', async () => {
    const { arena, limit, claimed } = await stage(harness, 3)
    await arena.store.setQueueLimits(`${arena.namespace}-2`, arena.queue, slow)
    assert.deepEqual(await claimed(), [3, null])
    await limit({})
  })
}

function ticks(harness: Harness): void {
  test('the tick names the queues that have limits, in the order served', async () => {
    const { arena, limit } = await stage(harness, 0)
    const worker = await arena.worker({ taskQueues: ['c', 'a', 'b'] })
    const limited = async () => (await arena.store.tick(worker, 5_000)).limitedQueues
    assert.deepEqual(await limited(), [])
    await limit(slow, 'a')
    await limit({ maxConcurrentActivities: 5 }, 'c')
    await limit(slow, 'd')
    assert.deepEqual(await limited(), ['c', 'a'])
  })

  test('the tick asks for a claim when the rate lets it, not before', async () => {
    const { arena, worker, limit, claimed } = await stage(harness, 2)
    await limit(slow)
    assert.equal((await arena.store.tick(worker, 5_000)).taskAt, 1_000)
    assert.equal((await claimed())[0], 1)
    const { now: lookedAt, taskAt } = await arena.store.tick(worker, 5_000)
    between((taskAt ?? 0) - lookedAt, slowMs - 10_000, slowMs)
    await arena.ageQueue(slowMs)
    assert.equal((await arena.store.tick(worker, 5_000)).taskAt, 1_000)
  })

  test('the tick waits for a task that is due later than the rate lets it begin', async () => {
    const { arena, worker, limit, claimed } = await stage(harness, [{}])
    const availableAt = (await arena.store.ping()) + 3_600_000
    const start = await arena.started(worker)
    await arena.transit(worker, start.runId, { tasks: [arena.task(start, 1, { availableAt })] })
    await limit(slow)
    assert.equal((await claimed())[0], 1)
    assert.equal((await arena.store.tick(worker, 5_000)).taskAt, availableAt)
  })

  test('the tick does not ask for a claim while as many run as may', async () => {
    const { arena, worker, start, limit, claimed } = await stage(harness, 3)
    await limit({ ...slow, maxConcurrentActivities: 1 })
    assert.equal((await claimed())[0], 1)
    await arena.ageQueue(slowMs)
    assert.equal((await arena.store.tick(worker, 5_000)).taskAt, null)
    const [running] = (await arena.store.readTasks(start.runId)).filter(task => task.worker !== null)
    assert.ok(running !== undefined)
    await arena.store.endTasks([{ ...running, outcome: posted }])
    assert.equal((await arena.store.tick(worker, 5_000)).taskAt, 1_000)
  })

  test('a queue at its limits does not hide what waits in another', async () => {
    const { arena, limit } = await stage(harness, [{ taskQueue: 'a' }, { taskQueue: 'a' }, { taskQueue: 'b', availableAt: 2_000 }])
    const worker = await arena.worker({ taskQueues: ['a', 'b'] })
    await limit({ maxConcurrentActivities: 1 }, 'a')
    assert.equal((await arena.store.claimTasks(worker, 1_000, 10)).tasks.length, 1)
    assert.equal((await arena.store.tick(worker, 5_000)).taskAt, 2_000)
  })
}

function settings(harness: Harness): void {
  test('limits that are taken away hold nothing up', async () => {
    const { limit, claimed } = await stage(harness, 9)
    await limit({ ...slow, maxConcurrentActivities: 2 })
    assert.equal((await claimed())[0], 1)
    await limit({ activitiesPerSecond: null })
    assert.deepEqual(await claimed(), [1, null])
    await limit({ maxConcurrentActivities: null })
    assert.deepEqual(await claimed(), [7, null])
    await limit({ activitiesPerSecond: null, maxConcurrentActivities: null })
  })

  test('a limit that is left out stays as it is', async () => {
    const { arena, limit } = await stage(harness, 0)
    const limits = async () => (await arena.store.describeQueue(arena.namespace, arena.queue)).limits
    assert.deepEqual(await limits(), { activitiesPerSecond: null, maxConcurrentActivities: null })
    await limit({ activitiesPerSecond: 2.5 })
    await limit({ maxConcurrentActivities: 7 })
    assert.deepEqual(await limits(), { activitiesPerSecond: 2.5, maxConcurrentActivities: 7 })
    await limit({ activitiesPerSecond: 3 })
    assert.deepEqual(await limits(), { activitiesPerSecond: 3, maxConcurrentActivities: 7 })
    await limit({})
    await limit({ activitiesPerSecond: null })
    assert.deepEqual(await limits(), { activitiesPerSecond: null, maxConcurrentActivities: 7 })
  })

  test('another rate does not begin with another burst', async () => {
    const { limit, claimed } = await stage(harness, 9)
    await limit(slow)
    assert.equal((await claimed())[0], 1)
    await limit({ activitiesPerSecond: 0.02 })
    const [count, waitMs] = await claimed()
    assert.equal(count, 0)
    between(waitMs, 40_000, 50_000)
  })

  test('a lower rate leaves no more than its own burst', async () => {
    const { limit, claimed } = await stage(harness, 30)
    await limit({ activitiesPerSecond: 100 })
    await limit({ activitiesPerSecond: 10 })
    assert.equal((await claimed())[0], 2)
  })

  const wrong: readonly Partial<Record<keyof QueueLimits, unknown>>[] = [
    { activitiesPerSecond: 0 }, { activitiesPerSecond: -1 }, { activitiesPerSecond: Number.NaN }, { activitiesPerSecond: Infinity },
    { activitiesPerSecond: '5' }, { activitiesPerSecond: 0.000_1 }, { maxConcurrentActivities: 0 }, { maxConcurrentActivities: -3 },
    { maxConcurrentActivities: 1.5 }, { maxConcurrentActivities: 1e9 }, { activitiesPerSecond: 5, maxConcurrentActivities: 0 },
  ]
  for (const limits of wrong) {
    const shown = Object.entries(limits).map(([name, value]) => `${name} ${String(value)}`).join(' and ')
    test(`${shown} is refused, and changes nothing`, async () => {
      const { arena, limit } = await stage(harness, 0)
      await assert.rejects(limit(limits as Partial<QueueLimits>), { code: 'QUEUE_LIMITS_INVALID' })
      assert.deepEqual(await arena.store.listQueues(arena.namespace), ['orders'])
      assert.equal((await arena.store.describeQueue(arena.namespace, arena.queue)).activitiesPerSecondUsed, null)
    })
  }
}

function claimers(harness: Harness): void {
  const both = async (arena: Arena, one: Serving, two: Serving, second: Store, limit: number) =>
    (await Promise.all([arena.claimTasks(one, now, limit), arena.claimTasks(two, now, limit, second)])).flat()

  test('two connections that claim at once begin no more than the rate allows', async () => {
    const { arena, worker, limit } = await stage(harness, 60)
    const [other, second] = [await arena.worker(), await arena.second()]
    await limit({ activitiesPerSecond: 0.01 })
    const begun: ActivityTask[] = []
    for (let round = 0; round < 10; round++) {
      for (let look = 0; look < 5; look++) begun.push(...await both(arena, worker, other, second, 3))
      assert.equal(begun.length, round + 1)
      await arena.ageQueue(slowMs)
    }
    assert.equal(new Set(commands(begun)).size, 10)
  })

  test('two connections that claim at once never run more than may, and get each task once', async () => {
    const { arena, worker, start, limit } = await stage(harness, 40)
    const [other, second] = [await arena.worker(), await arena.second()]
    await limit({ maxConcurrentActivities: 3 })
    const begun: ActivityTask[] = []
    while (begun.length < 40) {
      const tasks = await both(arena, worker, other, second, 2)
      const running = (await arena.store.readTasks(start.runId)).filter(task => task.worker !== null).length
      assert.ok(running > 0 && running <= 3, `${running} run`)
      begun.push(...tasks)
      await arena.store.endTasks(tasks.map(task => ({ ...task, outcome: posted })))
    }
    assert.equal(new Set(commands(begun)).size, 40)
  })
}
