import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asIncarnation } from '@perdure/engine'
import { Arena, leaseMs, type Harness } from '../arena.ts'

export function workerScenarios(harness: Harness): void {
  test('incarnations grow and are listed with what was registered', async () => {
    const arena = new Arena(harness())
    const before = await arena.store.ping()
    const first = await arena.store.registerWorker(arena.registration())
    const second = await arena.store.registerWorker(arena.registration({ identity: 'host-2', buildId: 'b2', taskQueues: ['x', 'y'] }))
    assert.ok(second.incarnation > first.incarnation)
    assert.ok(Number.isInteger(first.now) && first.now >= before)
    const listed = await arena.store.listWorkers(arena.namespace)
    assert.deepEqual(listed.map(worker => worker.incarnation).toSorted((a, b) => a - b), [first.incarnation, second.incarnation])
    assert.deepEqual(listed.find(worker => worker.incarnation === second.incarnation), {
      incarnation: second.incarnation, identity: 'host-2', buildId: 'b2', taskQueues: ['x', 'y'], workflowTypes: ['order'],
      activityTypes: ['charge'], leaseMs, startedAt: second.now, renewedAt: second.now, tickedAt: second.now, alive: true,
    })
  })

  test('a tick tells what the worker can run now', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const types = async () => (await arena.store.listWorkers(arena.namespace)).map(one => [one.workflowTypes, one.activityTypes])
    await arena.store.tick({ ...worker, workflowTypes: ['order', 'refund'], activityTypes: [] }, leaseMs)
    assert.deepEqual(await types(), [[['order', 'refund'], []]])
    const { now } = await arena.store.tick({ ...worker, workflowTypes: [], activityTypes: ['a', 'b'] }, leaseMs)
    assert.deepEqual(await types(), [[[], ['a', 'b']]])
    assert.equal((await arena.store.listWorkers(arena.namespace))[0]?.tickedAt, now)
  })

  test('a tick renews the lease', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    await arena.ageWorker(worker, 3_000)
    const before = await arena.renewedAt(worker.incarnation)
    const look = await arena.store.tick(worker, leaseMs)
    assert.equal(look.alive, true)
    assert.equal(await arena.renewedAt(worker.incarnation), look.now)
    assert.ok(look.now - before >= 2_900)
  })

  test('the tick of a dead worker, or of one that never was, says so and renews nothing', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    await arena.started(null)
    await arena.store.retireWorker(worker.incarnation)
    const before = await arena.renewedAt(worker.incarnation)
    for (const serving of [worker, { ...worker, incarnation: asIncarnation(2_000_000_000) }]) {
      const { now, ...look } = await arena.store.tick(serving, leaseMs)
      assert.ok(now > 0)
      assert.deepEqual(look, {
        alive: false, claimAt: null, taskAt: null, limitedQueues: [], deadlineAt: null, expiresAt: null, inbox: false,
        cancelRequests: false, queries: false, suspects: [],
      })
    }
    assert.equal(await arena.renewedAt(worker.incarnation), before)
  })

  test('the tick names live workers of any namespace whose lease did not move for a tick, and no other', async () => {
    const arena = new Arena(harness())
    const [me, fresh, stale, dead] = [await arena.worker(), await arena.worker(), await arena.worker(), await arena.worker()]
    const far = await arena.worker({ namespace: `${arena.namespace}-2` })
    for (const serving of [me, stale, dead, far]) await arena.ageWorker(serving, 2_000)
    await arena.store.retireWorker(dead.incarnation)
    const { suspects } = await arena.store.tick(me, leaseMs)
    const ours = [me, fresh, stale, dead, far].map(serving => serving.incarnation)
    const named = suspects.filter(suspect => ours.includes(suspect.incarnation))
    assert.deepEqual(named.map(suspect => suspect.incarnation).toSorted((a, b) => a - b), [stale.incarnation, far.incarnation])
    assert.equal(named.find(suspect => suspect.incarnation === stale.incarnation)?.renewedAt, await arena.renewedAt(stale.incarnation))
  })

  test('a worker that retires gives back its executions at once and counts nothing against them', async () => {
    const arena = new Arena(harness())
    const [worker, other] = [await arena.worker(), await arena.worker()]
    const start = await arena.started(worker, { startedAt: await arena.store.ping() })
    await arena.store.retireWorker(worker.incarnation)
    const { now } = await arena.store.tick(other, leaseMs)
    const record = await arena.get(start)
    assert.deepEqual([record.owner, record.takeovers, record.status], [null, 0, 'RUNNING'])
    assert.ok(record.wakeAt !== null && record.wakeAt <= now && record.wakeAt > now - 60_000)
    assert.equal((await arena.claim(other, { now })).length, 1)
    assert.equal((await arena.store.listWorkers(arena.namespace)).find(one => one.incarnation === worker.incarnation)?.alive, false)
  })

  test('retiring twice, or somebody unknown, changes nothing', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    await arena.store.retireWorker(worker.incarnation)
    const start = await arena.started(null)
    await arena.store.retireWorker(worker.incarnation)
    await arena.store.retireWorker(asIncarnation(2_000_000_000))
    assert.equal((await arena.get(start)).wakeAt, 1_000)
  })

  test('a retired worker marks its running tasks lost and due', async () => {
    const arena = new Arena(harness())
    const [worker, other] = [await arena.worker(), await arena.worker()]
    const start = await arena.started(other)
    await arena.transit(other, start.runId, { tasks: [arena.task(start, 1), arena.task(start, 2, { activityType: 'other' })] })
    assert.equal((await arena.claimTasks(worker, 5_000, 10)).length, 1)
    await arena.transit(other, start.runId, { cancelTasks: [1] })
    await arena.store.retireWorker(worker.incarnation)
    assert.deepEqual(await arena.store.cancelledTasks(worker.incarnation), [])
    const tasks = await arena.store.readTasks(start.runId)
    assert.deepEqual(tasks.map(task => [task.lost, task.worker, task.attempt]), [[true, worker.incarnation, 1], [false, null, 1]])
    const { now } = await arena.store.tick(other, leaseMs)
    assert.deepEqual((await arena.store.expiredTasks(arena.namespace, now, 10)).map(task => task.command), [1])
  })

  test('the store tells the time in whole milliseconds', async () => {
    const { store } = new Arena(harness())
    const now = await store.ping()
    assert.ok(Number.isInteger(now) && Math.abs(now - Date.now()) < 3_600_000)
  })

  test('a lease keeper can be stopped twice', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const keeper = await arena.store.keepLease(worker.incarnation, leaseMs)
    keeper.mainMoved()
    keeper.mainRenewed()
    await keeper.stop()
    await keeper.stop()
    assert.equal(await arena.kill(worker), true)
  })
}
