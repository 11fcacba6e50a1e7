import assert from 'node:assert/strict'
import { test } from 'node:test'
import { takeoversMax, takeoversSuspect } from '@perdure/engine'
import type { Serving, StartRecord } from '@perdure/engine'
import { Arena, event, leaseMs, runIds, type Harness } from '../arena.ts'

export function takeoverScenarios(harness: Harness): void {
  conditions(harness)
  counting(harness)
  crashLoops(harness)
}

function conditions(harness: Harness): void {
  test('a suspect whose lease moved since is not taken over', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    await arena.ageWorker(worker, 60_000)
    const renewedAt = await arena.renewedAt(worker.incarnation)
    await arena.store.tick(worker, leaseMs)
    assert.equal(await arena.store.takeOver({ incarnation: worker.incarnation, renewedAt }, leaseMs), false)
    assert.equal((await arena.store.tick(worker, leaseMs)).alive, true)
  })

  test('a suspect whose process lock is free is taken over before its lease ends', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    assert.equal(await arena.kill(worker), true)
    assert.equal((await arena.store.tick(worker, leaseMs)).alive, false)
  })

  test('a suspect that holds its process lock is taken over only when its lease has ended', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const keeper = await arena.store.keepLease(worker.incarnation, leaseMs)
    try {
      await arena.ageWorker(worker, leaseMs - 2_000)
      assert.equal(await arena.kill(worker), false)
      assert.equal((await arena.store.tick(worker, leaseMs)).alive, true)
      await arena.ageWorker(worker, leaseMs + 1_000)
      assert.equal(await arena.kill(worker), true)
    } finally {
      await keeper.stop()
    }
  })

  test('the dead are not taken over again', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const suspect = { incarnation: worker.incarnation, renewedAt: await arena.renewedAt(worker.incarnation) }
    assert.equal(await arena.store.takeOver(suspect, leaseMs), true)
    assert.equal(await arena.store.takeOver(suspect, leaseMs), false)
  })

  test('after a takeover the dead worker writes nothing, and another goes on', async () => {
    const arena = new Arena(harness())
    const [worker, other] = [await arena.worker(), await arena.worker()]
    const start = await arena.started(worker)
    await arena.transit(worker, start.runId, { events: [event(1)] })
    await arena.kill(worker)
    const batch = { incarnation: worker.incarnation, starts: [], transitions: [] }
    assert.deepEqual(await arena.store.commit(batch), { type: 'fenced' })
    const { now } = await arena.store.tick(other, leaseMs)
    const [claimed] = await arena.claim(other, { now })
    assert.equal(claimed?.history.length, 1)
    assert.equal(await arena.transit(other, start.runId, { events: [event(2)] }), 'ok')
  })

  test('a takeover marks running tasks lost and due, with their attempt', async () => {
    const arena = new Arena(harness())
    const [worker, other] = [await arena.worker(), await arena.worker()]
    const start = await arena.started(other)
    await arena.transit(other, start.runId, { tasks: [arena.task(start, 1, { attempt: 2 }), arena.task(start, 2)] })
    assert.equal((await arena.claimTasks(worker, 5_000, 1)).length, 1)
    await arena.kill(worker)
    const look = await arena.store.tick(other, leaseMs)
    assert.ok(look.deadlineAt !== null && look.deadlineAt <= look.now)
    const expired = await arena.store.expiredTasks(arena.namespace, look.now, 10)
    assert.equal(expired.length, 1)
    assert.deepEqual([expired[0]?.lost, expired[0]?.worker], [true, worker.incarnation])
    const [lost] = expired
    assert.ok(lost !== undefined)
    const beat = { ...lost, details: null, now: look.now, deadlineAt: null }
    assert.deepEqual(await arena.store.heartbeatTasks([beat]), ['gone'])
    const outcome = { type: 'retry', availableAt: 7_000, deadlineAt: null, lastFailure: null, heartbeatDetails: null } as const
    assert.deepEqual(await arena.store.endTasks([{ ...lost, outcome }]), [true])
    const retried = (await arena.store.readTasks(start.runId)).find(task => task.command === lost.command)
    assert.deepEqual([retried?.lost, retried?.worker, retried?.attempt], [false, null, lost.attempt + 1])
  })
}

/** An execution that its worker got at `at`, then the worker's death. */
async function dieAfter(arena: Arena, start: StartRecord, at: number, buildId = 'build-1'): Promise<Serving> {
  const worker = await arena.worker({ buildId })
  const claimed = await arena.claim(worker, { now: at })
  assert.deepEqual(runIds(claimed), [start.runId])
  assert.equal(await arena.kill(worker), true)
  return worker
}

function counting(harness: Harness): void {
  test('a death counts against an execution that was claimed shortly before', async () => {
    const arena = new Arena(harness())
    const start = await arena.started(null)
    await dieAfter(arena, start, await arena.store.ping())
    const record = await arena.get(start)
    assert.deepEqual([record.takeovers, record.owner, record.held], [1, null, null])
    const now = await arena.store.ping()
    assert.ok(record.wakeAt !== null && record.wakeAt <= now && record.wakeAt > now - 60_000)
  })

  test('a death counts against an execution that wrote history shortly before', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const [busy, idle] = [await arena.started(worker), await arena.started(worker)]
    await arena.transit(worker, busy.runId, { events: [event(1, { at: 5 }), event(2, { at: await arena.store.ping() })] })
    await arena.transit(worker, idle.runId, { events: [event(1, { at: 5 }), event(2, { at: 6 })] })
    await arena.kill(worker)
    assert.deepEqual([(await arena.get(busy)).takeovers, (await arena.get(idle)).takeovers], [1, 0])
  })

  test('a death counts against an execution that it started itself shortly before', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const now = await arena.store.ping()
    const [fresh, old] = [await arena.started(worker, { startedAt: now }), await arena.started(worker, { startedAt: now - 3_600_000 })]
    await arena.kill(worker)
    assert.deepEqual([(await arena.get(fresh)).takeovers, (await arena.get(old)).takeovers], [1, 0])
  })

  test('what counts is the time before the main thread last moved, not the death', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await arena.started(worker, { startedAt: (await arena.store.ping()) - 100_000 })
    await arena.ageWorker(worker, 98_000)
    await arena.kill(worker)
    assert.equal((await arena.get(start)).takeovers, 1)
  })

  test('a transition may set the count to zero again', async () => {
    const arena = new Arena(harness())
    const start = await arena.started(null)
    await dieAfter(arena, start, await arena.store.ping())
    const worker = await arena.worker()
    const [claimed] = await arena.claim(worker, { now: await arena.store.ping() })
    assert.equal(claimed?.execution.takeovers, 1)
    await arena.transit(worker, start.runId, { events: [event(1)], resetTakeovers: true })
    assert.equal((await arena.get(start)).takeovers, 0)
  })
}

function crashLoops(harness: Harness): void {
  test('suspects are claimed up to their own limit, and keep nobody else waiting', async () => {
    const arena = new Arena(harness())
    const suspects: StartRecord[] = []
    const later = (await arena.store.ping()) + 3_600_000
    for (let index = 0; index < 3; index++) {
      const start = await arena.started(null, { priority: index === 0 ? 2 : 1 })
      for (let death = 0; death < takeoversSuspect; death++) await dieAfter(arena, start, await arena.store.ping())
      suspects.push(start)
      const parked = await arena.worker()
      await arena.claim(parked, { now: await arena.store.ping() })
      await arena.transit(parked, start.runId, { release: { wakeAt: later, held: null } })
    }
    const innocent = await arena.started(null, { priority: 3, wakeAt: later + 1 })
    const worker = await arena.worker()
    const claimed = runIds(await arena.claim(worker, { now: later + 1, limit: 3, suspectLimit: 1 }))
    assert.equal(claimed.length, 2)
    assert.ok(claimed.includes(innocent.runId))
    assert.equal(suspects.filter(start => claimed.includes(start.runId)).length, 1)
    assert.deepEqual(await arena.claim(worker, { now: later + 1, suspectLimit: 0 }), [])
  })

  test('an execution that killed its worker too often is held as a crash loop until other code comes', async () => {
    const arena = new Arena(harness())
    const start = await arena.started(null)
    for (let death = 1; death < takeoversMax; death++) {
      await dieAfter(arena, start, await arena.store.ping())
      assert.equal((await arena.get(start)).takeovers, death)
    }
    await dieAfter(arena, start, await arena.store.ping(), 'build-7')
    const record = await arena.get(start)
    assert.deepEqual([record.takeovers, record.wakeAt, record.owner], [takeoversMax, null, null])
    assert.deepEqual([record.held?.code, record.held?.count, record.held?.buildId], ['crash_loop', 1, 'build-7'])
    assert.match(record.held?.reason ?? '', /died 5 times/)
    const now = await arena.store.ping()
    assert.deepEqual(await arena.claim(await arena.worker({ buildId: 'build-7' }), { now }), [])
    assert.deepEqual(runIds(await arena.claim(await arena.worker({ buildId: 'build-8' }), { now })), [start.runId])
  })
}
