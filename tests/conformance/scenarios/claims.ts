import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Arena, completed, event, runIds, transition, type Harness } from '../arena.ts'

export function claimScenarios(harness: Harness): void {
  contents(harness)
  eligibility(harness)
  ordering(harness)
  ticks(harness)
}

function contents(harness: Harness): void {
  test('a claim returns all that is needed to run, and owns the execution', async () => {
    const arena = new Arena(harness())
    const [worker, other] = [await arena.worker(), await arena.worker()]
    const start = await arena.started(worker)
    const [events, task] = [[event(1), event(2)], arena.task(start, 3)]
    await arena.transit(worker, start.runId, { events, tasks: [task], release: { wakeAt: 5_000, held: null } })
    const id = await arena.signal(start, '"late"')
    const claimed = await arena.claim(other)
    assert.equal(claimed.length, 1)
    const [one] = claimed
    assert.ok(one !== undefined)
    assert.deepEqual(one.history, events)
    assert.deepEqual(one.tasks, [task])
    assert.deepEqual(one.inbox, [{ id, runId: start.runId, type: 'WorkflowSignaled', data: '"late"' }])
    assert.equal(one.first, false)
    assert.deepEqual([one.execution.owner, one.execution.wakeAt, one.execution.firstTaskAt], [other.incarnation, null, 1_000])
    assert.deepEqual(await arena.get(start), one.execution)
    assert.equal(await arena.transit(other, start.runId, { events: [event(3)] }), 'ok')
  })

  test('the first claim says so and sets the time of the first task, a later one does not', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await arena.started(null)
    const [first] = await arena.claim(worker, { now: 4_321 })
    assert.deepEqual([first?.first, first?.execution.firstTaskAt], [true, 4_321])
    await arena.transit(worker, start.runId, { release: { wakeAt: 0, held: null } })
    const [second] = await arena.claim(worker, { now: 8_000 })
    assert.deepEqual([second?.first, second?.execution.firstTaskAt], [false, 4_321])
  })

  test('a start is due by the clock of the store, however far ahead that of its client is', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const ahead = Date.now() + 600_000
    const [soon, later] = [arena.start({ startedAt: ahead, wakeAt: ahead }), arena.start({ startedAt: ahead, wakeAt: ahead + 60_000 })]
    await arena.commit(null, { starts: [soon, later] })
    assert.deepEqual(runIds(await arena.claim(worker, { now: Date.now() + 1_000 })), [soon.runId])
    assert.deepEqual(runIds(await arena.claim(worker, { now: Date.now() + 61_000 })), [later.runId])
  })

  test('a claim of many returns the history, tasks and messages of each', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const starts = Array.from({ length: 30 }, () => arena.start({ owned: true }))
    await arena.commit(worker, {
      starts,
      transitions: starts.map((start, index) => transition(start.runId, {
        events: [event(1, { data: String(index) }), event(2)], tasks: [arena.task(start, 1)], release: { wakeAt: index, held: null },
      })),
    })
    const claimed = await arena.claim(worker)
    assert.deepEqual(runIds(claimed), starts.map(start => start.runId))
    assert.deepEqual(claimed.map(one => one.history[0]?.data), starts.map((_, index) => String(index)))
    assert.equal(claimed.every(one => one.history.length === 2 && one.tasks.length === 1 && one.inbox.length === 0), true)
  })
}

function eligibility(harness: Harness): void {
  test('an execution is claimed once', async () => {
    const arena = new Arena(harness())
    const [worker, other] = [await arena.worker(), await arena.worker()]
    await arena.started(null)
    assert.equal((await arena.claim(worker)).length, 1)
    assert.deepEqual([await arena.claim(worker), await arena.claim(other)], [[], []])
  })

  test('nothing is claimed before its wake time', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    await arena.started(null, { wakeAt: 5_000 })
    assert.deepEqual(await arena.claim(worker, { now: 4_999 }), [])
    assert.equal((await arena.claim(worker, { now: 5_000 })).length, 1)
  })

  test('nothing of another queue or namespace is claimed', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    await arena.started(null, { taskQueue: 'elsewhere' })
    await arena.started(null, { namespace: `${arena.namespace}-2` })
    assert.deepEqual(await arena.claim(worker), [])
  })

  test('a worker of several queues claims from each', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker({ taskQueues: ['a', 'b'] })
    const starts = [await arena.started(null, { taskQueue: 'b', wakeAt: 2 }), await arena.started(null, { taskQueue: 'a', wakeAt: 1 })]
    assert.deepEqual(runIds(await arena.claim(worker)), starts.map(start => start.runId).toReversed())
  })

  for (const wakeAt of [null, 90_000]) {
    test(`an unread message makes an execution with wake time ${wakeAt} claimable`, async () => {
      const arena = new Arena(harness())
      const worker = await arena.worker()
      const start = await arena.started(worker)
      await arena.transit(worker, start.runId, { release: { wakeAt, held: null } })
      assert.deepEqual(await arena.claim(worker), [])
      await arena.signal(start)
      assert.deepEqual(runIds(await arena.claim(worker)), [start.runId])
    })
  }

  test('an execution of a type that the worker does not have is claimed all the same', async () => {
    const arena = new Arena(harness())
    const start = await arena.started(null, { workflowType: 'unheard' })
    assert.deepEqual(runIds(await arena.claim(await arena.worker())), [start.runId])
  })

  test('closed executions are never claimed', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await arena.started(null)
    await arena.store.terminate({ ...start, failure: completed.result, at: 2_000 })
    assert.deepEqual(await arena.claim(worker), [])
  })

  test('a dead worker claims nothing', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    await arena.store.retireWorker(worker.incarnation)
    const start = await arena.started(null)
    assert.deepEqual(await arena.claim(worker), [])
    assert.equal((await arena.get(start)).owner, null)
  })
}

function ordering(harness: Harness): void {
  test('claims go by priority, then by wake time, up to the limit', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const late = await arena.started(null, { priority: 1, wakeAt: 3_000 })
    const low = await arena.started(null, { priority: 5, wakeAt: 1 })
    const early = await arena.started(null, { priority: 1, wakeAt: 2_000 })
    const middle = await arena.started(null, { priority: 3, wakeAt: 2 })
    assert.deepEqual(runIds(await arena.claim(worker, { limit: 2 })), [early.runId, late.runId])
    assert.deepEqual(runIds(await arena.claim(worker, { limit: 2 })), [middle.runId, low.runId])
  })

  test('the order holds across queues', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker({ taskQueues: ['a', 'b'] })
    const low = await arena.started(null, { taskQueue: 'a', priority: 2, wakeAt: 1 })
    const high = await arena.started(null, { taskQueue: 'b', priority: 1, wakeAt: 9 })
    assert.deepEqual(runIds(await arena.claim(worker, { limit: 1 })), [high.runId])
    assert.deepEqual(runIds(await arena.claim(worker, { limit: 1 })), [low.runId])
  })

  test('the limit bounds a claim', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    await arena.commit(null, { starts: Array.from({ length: 12 }, () => arena.start()) })
    assert.equal((await arena.claim(worker, { limit: 5 })).length, 5)
    assert.equal((await arena.claim(worker, { limit: 100 })).length, 7)
  })
}

function ticks(harness: Harness): void {
  const claimAt = async (arena: Arena, worker: Parameters<Arena['claim']>[0]) => (await arena.store.tick(worker, 5_000)).claimAt

  test('the tick tells the earliest wake time of what the worker may claim', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker({ taskQueues: ['a', 'b'] })
    assert.equal(await claimAt(arena, worker), null)
    await arena.started(null, { taskQueue: 'a', wakeAt: 8_000 })
    await arena.started(null, { taskQueue: 'b', wakeAt: 7_000, priority: 5 })
    await arena.started(null, { taskQueue: 'c', wakeAt: 6_000 })
    assert.equal(await claimAt(arena, worker), 7_000)
    await arena.claim(worker, { now: 7_500 })
    assert.equal(await claimAt(arena, worker), 8_000)
  })

  test('the tick tells a wake time that lies ahead', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const wakeAt = (await arena.store.ping()) + 3_600_000
    await arena.started(null, { wakeAt })
    assert.equal(await claimAt(arena, worker), wakeAt)
  })

  test('the tick counts an unread message as work for now', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await arena.started(worker)
    await arena.transit(worker, start.runId, { release: { wakeAt: null, held: null } })
    assert.equal(await claimAt(arena, worker), null)
    await arena.signal(start)
    const look = await arena.store.tick(worker, 5_000)
    assert.ok(look.claimAt !== null && look.claimAt <= look.now)
    assert.equal(look.inbox, false)
  })
}
