import assert from 'node:assert/strict'
import { test } from 'node:test'
import { outsideWorker, type ActivityTask, type Serving, type StartRecord, type TaskBeat, type TaskEnd } from '@perdure/engine'
import { Arena, payload, type Harness } from '../arena.ts'

interface Stage {
  readonly arena: Arena
  readonly worker: Serving
  readonly start: StartRecord
}

/** A running execution with these tasks. */
async function stage(harness: Harness, tasks: readonly Partial<ActivityTask>[]): Promise<Stage> {
  const arena = new Arena(harness())
  const worker = await arena.worker()
  const start = await arena.started(worker)
  await arena.transit(worker, start.runId, { tasks: tasks.map((overrides, index) => arena.task(start, index + 1, overrides)) })
  return { arena, worker, start }
}

const commands = (tasks: readonly ActivityTask[]) => tasks.map(task => task.command)
const retry = (availableAt: number, deadlineAt: number | null = null) =>
  ({ type: 'retry', availableAt, deadlineAt, lastFailure: payload({ message: 'again' }), heartbeatDetails: null }) as const
const posted = { type: 'post', eventType: 'ActivityTaskCompleted', data: '"result"' } as const

export function activityTaskScenarios(harness: Harness): void {
  claims(harness)
  ends(harness)
  heartbeats(harness)
  deadlines(harness)
}

function claims(harness: Harness): void {
  test('a worker claims what waits on its queues and is of its types', async () => {
    const { arena, worker } = await stage(harness, [
      {}, { taskQueue: 'elsewhere' }, { activityType: 'refund' }, { availableAt: 5_001 },
      { worker: 1 as Serving['incarnation'], startedAt: 1 },
    ])
    assert.deepEqual(commands(await arena.claimTasks(worker, 5_000, 10)), [1])
    assert.deepEqual(commands(await arena.claimTasks(worker, 5_000, 10)), [])
    const other = await arena.worker({ taskQueues: ['elsewhere', arena.queue], activityTypes: ['refund', 'charge'] })
    assert.deepEqual(commands(await arena.claimTasks(other, 5_001, 10)).toSorted((a, b) => a - b), [2, 3, 4])
  })

  const deadlineRules = [
    { runMs: null, closeBy: null, deadlineAt: null },
    { runMs: 700, closeBy: null, deadlineAt: 5_700 },
    { runMs: null, closeBy: 6_000, deadlineAt: 6_000 },
    { runMs: 700, closeBy: 5_300, deadlineAt: 5_300 },
    { runMs: 700, closeBy: 9_000, deadlineAt: 5_700 },
  ]
  for (const { runMs, closeBy, deadlineAt } of deadlineRules) {
    test(`a claimed task with runMs ${runMs} and closeBy ${closeBy} has its deadline at ${deadlineAt}`, async () => {
      const { arena, worker, start } = await stage(harness, [{ runMs, closeBy, deadlineAt: 8_000 }])
      const [task] = await arena.claimTasks(worker, 5_000, 10)
      assert.deepEqual(task, arena.task(start, 1, { runMs, closeBy, deadlineAt, worker: worker.incarnation, startedAt: 5_000 }))
      assert.deepEqual(await arena.store.readTasks(start.runId), [task])
    })
  }

  test('tasks are claimed by priority, then by the time from which they may run, up to the limit', async () => {
    const { arena, worker } = await stage(harness, [
      { priority: 2, availableAt: 100 }, { priority: 1, availableAt: 300 }, { priority: 2, availableAt: 50 },
      { priority: 1, availableAt: 200 },
    ])
    assert.deepEqual(commands(await arena.claimTasks(worker, 5_000, 3)), [4, 2, 3])
    assert.deepEqual(commands(await arena.claimTasks(worker, 5_000, 3)), [1])
  })

  test('the order of tasks holds across queues and types', async () => {
    const { arena } = await stage(harness, [
      { taskQueue: 'a', priority: 2, availableAt: 1 }, { taskQueue: 'b', activityType: 'refund', priority: 1, availableAt: 9 },
      { taskQueue: 'b', priority: 2, availableAt: 0 },
    ])
    const worker = await arena.worker({ taskQueues: ['a', 'b'], activityTypes: ['charge', 'refund'] })
    assert.deepEqual(commands(await arena.claimTasks(worker, 5_000, 2)), [2, 3])
  })

  test('a dead worker claims no task', async () => {
    const { arena, start } = await stage(harness, [{}])
    const dead = await arena.worker()
    await arena.store.retireWorker(dead.incarnation)
    assert.deepEqual(await arena.claimTasks(dead, 5_000, 10), [])
    assert.equal((await arena.store.readTasks(start.runId))[0]?.worker, null)
  })

  test('the tick tells when the next waiting task may be claimed', async () => {
    const { arena, worker } = await stage(harness, [
      { availableAt: 7_000 }, { availableAt: 6_000 }, { availableAt: 100, taskQueue: 'elsewhere' },
      { availableAt: 100, activityType: 'refund' },
    ])
    const taskAt = async () => (await arena.store.tick(worker, 5_000)).taskAt
    assert.equal(await taskAt(), 6_000)
    await arena.claimTasks(worker, 6_500, 10)
    assert.equal(await taskAt(), 7_000)
    await arena.claimTasks(worker, 7_000, 10)
    assert.equal(await taskAt(), null)
  })
}

function ends(harness: Harness): void {
  test('a retry makes the task wait for its next attempt', async () => {
    const { arena, worker, start } = await stage(harness, [{ runMs: 700, closeBy: 90_000, cancelRequested: true }])
    await arena.claimTasks(worker, 5_000, 10)
    const [task] = await arena.store.readTasks(start.runId)
    assert.ok(task !== undefined)
    await arena.store.heartbeatTasks([{ ...task, details: payload(41), now: 5_100, deadlineAt: 5_800 }])
    assert.deepEqual(await arena.store.endTasks([{ ...task, outcome: retry(8_000, 9_500) }]), [true])
    assert.deepEqual(await arena.store.readTasks(start.runId), [arena.task(start, 1, {
      runMs: 700, closeBy: 90_000, cancelRequested: true, attempt: 2, availableAt: 8_000, deadlineAt: 9_500,
      lastFailure: payload({ message: 'again' }), heartbeatDetails: payload(41),
    })])
    assert.deepEqual(await arena.claimTasks(worker, 7_999, 10), [])
    assert.equal((await arena.claimTasks(worker, 8_000, 10))[0]?.attempt, 2)
  })

  test('a retry may bring the details of a last heartbeat, which replace those that are stored', async () => {
    const { arena, worker, start } = await stage(harness, [{ heartbeatDetails: payload(41) }])
    const [task] = await arena.claimTasks(worker, 5_000, 10)
    assert.ok(task !== undefined)
    await arena.store.endTasks([{ ...task, outcome: { ...retry(8_000), heartbeatDetails: payload(42) } }])
    assert.equal((await arena.store.readTasks(start.runId))[0]?.heartbeatDetails, payload(42))
  })

  test('a posted end deletes the task and leaves a message for the owner', async () => {
    const { arena, worker, start } = await stage(harness, [{}, {}])
    assert.deepEqual(await arena.store.endTasks([{ runId: start.runId, command: 1, attempt: 1, outcome: posted }]), [true])
    assert.deepEqual(commands(await arena.store.readTasks(start.runId)), [2])
    const [message] = await arena.store.readInbox(worker.incarnation, [], 10)
    assert.deepEqual([message?.runId, message?.type, message?.data], [start.runId, 'ActivityTaskCompleted', '"result"'])
    assert.equal((await arena.store.tick(worker, 5_000)).inbox, true)
  })

  test('a posted end wakes an execution that nobody owns', async () => {
    const { arena, worker, start } = await stage(harness, [{}])
    await arena.transit(worker, start.runId, { release: { wakeAt: null, held: null } })
    await arena.store.endTasks([{ runId: start.runId, command: 1, attempt: 1, outcome: posted }])
    const [claimed] = await arena.claim(worker)
    assert.deepEqual([claimed?.tasks, claimed?.inbox.map(message => message.data)], [[], ['"result"']])
  })

  test('an end for a task that waits is refused when somebody runs it, lost or left ones too', async () => {
    const { arena, worker, start: { runId } } = await stage(harness, [{}, {}, {}, {}])
    const waiting = { ...posted, onlyWaiting: true } as const
    const end = (command: number, outcome: TaskEnd['outcome'] = waiting) => ({ runId, command, attempt: 1, outcome })
    assert.deepEqual(await arena.store.endTasks([end(1)]), [true])
    await arena.claimTasks(worker, 5_000, 2)
    const [left, run] = (await arena.store.readTasks(runId)).filter(task => task.worker !== null).map(({ command }) => command)
    await arena.store.endTasks([end(left ?? 0, { type: 'leave', deadlineAt: null, heartbeatDetails: null })])
    assert.deepEqual(await arena.store.endTasks([end(left ?? 0), end(run ?? 0)]), [false, false])
    await arena.kill(worker)
    assert.deepEqual(await arena.store.endTasks([end(run ?? 0)]), [false])
    assert.equal((await arena.store.readTasks(runId)).length, 3)
    assert.deepEqual(await arena.store.endTasks([end(run ?? 0, posted)]), [true])
  })

  test('an attempt that is left belongs to no worker, and goes on until it is ended', async () => {
    const { arena, worker, start } = await stage(harness, [{ runMs: 700, cancelRequested: true }, {}])
    await arena.claimTasks(worker, 5_000, 1)
    const { runId } = start
    const leave = { type: 'leave', deadlineAt: 9_000, heartbeatDetails: payload(7) } as const
    assert.deepEqual(await arena.store.endTasks([
      { runId, command: 1, attempt: 1, outcome: leave }, { runId, command: 1, attempt: 2, outcome: leave },
      { runId, command: 2, attempt: 1, outcome: leave },
    ]), [true, false, false])
    const left = async () => (await arena.store.readTasks(runId)).find(({ command }) => command === 1)
    const found = await left()
    assert.deepEqual([found?.worker, found?.startedAt, found?.deadlineAt, found?.heartbeatDetails, found?.attempt],
      [outsideWorker, 5_000, 9_000, payload(7), 1])
    assert.deepEqual(await arena.store.cancelledTasks(worker.incarnation), [])
    await arena.kill(worker)
    assert.equal((await left())?.lost, false)
    assert.deepEqual((await arena.store.expiredTasks(arena.namespace, 9_000, 10)).map(({ command }) => command), [1])
    const beat = { runId, command: 1, attempt: 1, details: null, now: 6_000, deadlineAt: 9_500 }
    assert.deepEqual(await arena.store.heartbeatTasks([beat]), ['cancel_requested'])
    assert.deepEqual(await arena.store.endTasks([{ runId, command: 1, attempt: 1, outcome: posted }]), [true])
  })

  test('an end that names another attempt, or a task that is gone, has no effect', async () => {
    const { arena, worker, start } = await stage(harness, [{ attempt: 2 }])
    const { runId } = start
    const ends = [
      { runId, command: 1, attempt: 1, outcome: posted }, { runId, command: 9, attempt: 1, outcome: posted },
      { runId, command: 1, attempt: 3, outcome: retry(1) },
    ]
    assert.deepEqual(await arena.store.endTasks(ends), [false, false, false])
    assert.deepEqual(await arena.store.readTasks(runId), [arena.task(start, 1, { attempt: 2 })])
    assert.deepEqual(await arena.unread(worker, start), [])
  })

  test('of two ends of one attempt in one call the first counts', async () => {
    const { arena, worker, start } = await stage(harness, [{}, {}])
    const { runId } = start
    const second = { ...posted, data: '"second"' }
    const outcomes = await arena.store.endTasks([
      { runId, command: 1, attempt: 1, outcome: posted }, { runId, command: 1, attempt: 1, outcome: second },
      { runId, command: 2, attempt: 1, outcome: retry(5) }, { runId, command: 2, attempt: 1, outcome: second },
    ])
    assert.deepEqual(outcomes, [true, false, true, false])
    assert.deepEqual(await arena.unread(worker, start), ['"result"'])
  })
}

function heartbeats(harness: Harness): void {
  const beat = (start: StartRecord, overrides: Partial<TaskBeat> = {}): TaskBeat =>
    ({ runId: start.runId, command: 1, attempt: 1, details: payload('half'), now: 5_500, deadlineAt: 6_200, ...overrides })

  test('a heartbeat stores its details and moves the deadline', async () => {
    const { arena, worker, start } = await stage(harness, [{ runMs: 700 }])
    await arena.claimTasks(worker, 5_000, 10)
    assert.deepEqual(await arena.store.heartbeatTasks([beat(start)]), ['ok'])
    const [task] = await arena.store.readTasks(start.runId)
    assert.deepEqual([task?.heartbeatDetails, task?.deadlineAt], [payload('half'), 6_200])
  })

  test('a heartbeat without details keeps those that were stored', async () => {
    const { arena, worker, start } = await stage(harness, [{}])
    await arena.claimTasks(worker, 5_000, 10)
    await arena.store.heartbeatTasks([beat(start), beat(start, { details: null, deadlineAt: null })])
    const [task] = await arena.store.readTasks(start.runId)
    assert.deepEqual([task?.heartbeatDetails, task?.deadlineAt], [payload('half'), null])
  })

  test('a heartbeat of another attempt, of a waiting task or of none finds it gone', async () => {
    const { arena, worker, start } = await stage(harness, [{}, { availableAt: 90_000 }])
    await arena.claimTasks(worker, 5_000, 10)
    const beats = [beat(start, { attempt: 2 }), beat(start, { command: 2 }), beat(start, { command: 3 })]
    assert.deepEqual(await arena.store.heartbeatTasks(beats), ['gone', 'gone', 'gone'])
    assert.equal((await arena.store.readTasks(start.runId)).every(task => task.heartbeatDetails === null), true)
  })

  test('a cancel request reaches the running task by tick, list and heartbeat', async () => {
    const { arena, worker, start } = await stage(harness, [{}, {}])
    const runner = await arena.worker()
    const [first] = await arena.claimTasks(runner, 5_000, 1)
    assert.equal((await arena.store.tick(runner, 5_000)).cancelRequests, false)
    await arena.transit(worker, start.runId, { cancelTasks: [1, 2] })
    assert.equal((await arena.store.tick(runner, 5_000)).cancelRequests, true)
    assert.equal((await arena.store.tick(worker, 5_000)).cancelRequests, false)
    const { runId } = start
    assert.deepEqual(await arena.store.cancelledTasks(runner.incarnation), [{ runId, command: first?.command, attempt: 1 }])
    assert.deepEqual(await arena.store.heartbeatTasks([beat(start, { command: first?.command ?? 0 })]), ['cancel_requested'])
    assert.equal((await arena.store.readTasks(runId)).find(task => task.command === first?.command)?.heartbeatDetails, payload('half'))
  })
}

function deadlines(harness: Harness): void {
  test('expired tasks come oldest first, up to the limit, waiting and running alike', async () => {
    const { arena } = await stage(harness, [
      { deadlineAt: 3_000 }, { deadlineAt: 1_000 }, { deadlineAt: 5_001 }, { deadlineAt: null },
      { deadlineAt: 2_000, worker: 1 as Serving['incarnation'], startedAt: 1 },
    ])
    assert.deepEqual(commands(await arena.store.expiredTasks(arena.namespace, 5_000, 10)), [2, 5, 1])
    assert.deepEqual(commands(await arena.store.expiredTasks(arena.namespace, 5_000, 1)), [2])
    assert.deepEqual(await arena.store.expiredTasks(`${arena.namespace}-2`, 5_000, 10), [])
  })

  test('the tick tells the earliest deadline of the namespace, whoever serves it', async () => {
    const { arena, worker, start: { runId } } = await stage(harness, [
      { deadlineAt: 8_000 }, { deadlineAt: 4_000, taskQueue: 'elsewhere' }, {},
    ])
    const deadlineAt = async () => (await arena.store.tick(worker, 5_000)).deadlineAt
    assert.equal(await deadlineAt(), 4_000)
    assert.deepEqual(await arena.store.endTasks([{ runId, command: 2, attempt: 1, outcome: posted }]), [true])
    assert.equal(await deadlineAt(), 8_000)
    assert.deepEqual(await arena.store.endTasks([{ runId, command: 1, attempt: 1, outcome: posted }]), [true])
    assert.equal(await deadlineAt(), null)
  })
}
