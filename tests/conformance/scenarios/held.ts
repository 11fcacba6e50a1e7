import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Held, HeldCode, Serving, StartRecord } from '@perdure/engine'
import { Arena, event, runIds, transition, type Harness } from '../arena.ts'

const heldBy = (code: HeldCode, buildId = 'build-1'): Held => ({ code, reason: 'first line\nsecond line', buildId, count: 3, spent: true })

async function holding(arena: Arena, worker: Serving, held: Held, wakeAt: number | null): Promise<StartRecord> {
  const start = await arena.started(worker)
  assert.equal(await arena.transit(worker, start.runId, { release: { wakeAt, held } }), 'ok')
  return start
}

interface Rule {
  readonly title: string
  readonly held: Held
  readonly wakeAt: number | null
  readonly serving: Partial<Serving>
  /** When the tick says it may be claimed: now, a time, or not by itself. */
  readonly claimable: 'now' | 'never' | number
}

const rules: readonly Rule[] = [
  { title: 'nondeterminism waits for its wake time', held: heldBy('nondeterminism'), wakeAt: 20_000, serving: {}, claimable: 20_000 },
  {
    title: 'nondeterminism is tried at once by another build',
    held: heldBy('nondeterminism'), wakeAt: 20_000, serving: { buildId: 'build-2' }, claimable: 'now',
  },
  {
    title: 'task_failure is tried when its wake time has come',
    held: heldBy('task_failure'), wakeAt: 5_000, serving: {}, claimable: 5_000,
  },
  { title: 'commit_rejected without a wake time waits', held: heldBy('commit_rejected'), wakeAt: null, serving: {}, claimable: 'never' },
  {
    title: 'determinism_violation without a wake time is tried by another build',
    held: heldBy('determinism_violation'), wakeAt: null, serving: { buildId: 'build-2' }, claimable: 'now',
  },
  {
    title: 'unknown_workflow_type waits while the type is unknown, whatever the time and the build',
    held: heldBy('unknown_workflow_type'), wakeAt: 1, serving: { workflowTypes: ['x'], buildId: 'build-2' }, claimable: 'never',
  },
  {
    title: 'unknown_workflow_type is tried at once by a worker that has the type',
    held: heldBy('unknown_workflow_type'), wakeAt: 20_000, serving: {}, claimable: 'now',
  },
  { title: 'crash_loop waits for other code, whatever the time', held: heldBy('crash_loop'), wakeAt: 1, serving: {}, claimable: 'never' },
  {
    title: 'crash_loop is tried at once by another build',
    held: heldBy('crash_loop'), wakeAt: null, serving: { buildId: 'build-2' }, claimable: 'now',
  },
]

export function heldScenarios(harness: Harness): void {
  for (const { title, held, wakeAt, serving, claimable } of rules) {
    test(title, async () => {
      const arena = new Arena(harness())
      const start = await holding(arena, await arena.worker(), held, wakeAt)
      const worker = await arena.worker(serving)
      const look = await arena.store.tick(worker, 5_000)
      if (claimable === 'now') assert.ok(look.claimAt !== null && look.claimAt <= look.now)
      else assert.equal(look.claimAt, claimable === 'never' ? null : claimable)
      const claimed = runIds(await arena.claim(worker, { now: 10_000 }))
      const isDue = claimable === 'now' || (claimable !== 'never' && claimable <= 10_000)
      assert.deepEqual(claimed, isDue ? [start.runId] : [])
    })
  }

  test('a held execution shows why', async () => {
    const arena = new Arena(harness())
    const start = await holding(arena, await arena.worker(), heldBy('task_failure'), 20_000)
    assert.deepEqual((await arena.get(start)).held, heldBy('task_failure'))
  })

  test('a message does not wake a held execution', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await holding(arena, worker, heldBy('nondeterminism'), 20_000)
    await arena.signal(start)
    assert.deepEqual(await arena.claim(worker, { now: 10_000 }), [])
    assert.equal((await arena.store.tick(worker, 5_000)).claimAt, 20_000)
    assert.equal((await arena.claim(worker, { now: 20_000 }))[0]?.inbox.length, 1)
  })

  test('an unread message does not keep an execution from being held, and stays for whoever claims it', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const [held, waiting] = [await arena.started(worker), await arena.started(worker)]
    const read = await arena.signal(held, '1')
    await arena.signal(held, '2')
    await arena.signal(waiting, '3')
    const { transitions } = await arena.commit(worker, {
      transitions: [
        transition(waiting.runId, { events: [event(1)], release: { wakeAt: 20_000, held: null } }),
        transition(held.runId, { events: [event(1)], consumed: [read], release: { wakeAt: 20_000, held: heldBy('nondeterminism') } }),
      ],
    })
    assert.deepEqual(transitions, ['kept', 'ok'])
    const record = await arena.get(held)
    assert.deepEqual([record.owner, record.wakeAt, record.held], [null, 20_000, heldBy('nondeterminism')])
    assert.equal((await arena.get(waiting)).owner, worker.incarnation)
    assert.deepEqual(await arena.claim(worker, { now: 10_000 }), [])
    const [claimed] = await arena.claim(worker, { now: 20_000 })
    assert.deepEqual([claimed?.history.length, claimed?.inbox.map(message => message.data)], [1, ['2']])
  })

  test('a claim returns why it was held, and the execution is no longer shown as held', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await holding(arena, worker, heldBy('nondeterminism'), 5_000)
    const [claimed] = await arena.claim(worker)
    assert.deepEqual(claimed?.execution.held, heldBy('nondeterminism'))
    assert.equal((await arena.get(start)).held, null)
    assert.equal(await arena.transit(worker, start.runId, { events: [event(1)] }), 'ok')
    assert.equal((await arena.get(start)).held, null)
  })

  test('one whose first activation failed was never begun: whoever claims it is the first', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const [begun, unbegun] = [await arena.started(worker), await arena.started(worker)]
    const held = heldBy('task_failure')
    const transitions = [begun, unbegun].map(({ runId }) => transition(runId, {
      release: { wakeAt: 5_000, held, ...(runId === unbegun.runId ? { unbegun: true } : {}) },
    }))
    assert.deepEqual((await arena.commit(worker, { transitions })).transitions, ['ok', 'ok'])
    assert.equal((await arena.get(unbegun)).firstTaskAt, null)
    assert.deepEqual((await arena.get(unbegun)).held, held)
    assert.notEqual((await arena.get(begun)).firstTaskAt, null)
    assert.deepEqual(await arena.claim(worker, { now: 4_999 }), [])
    const claimed = await arena.claim(worker, { now: 5_000 })
    assert.deepEqual(new Map(claimed.map(({ execution, first }) => [execution.runId, first])),
      new Map([[begun.runId, false], [unbegun.runId, true]]))
  })

  test('one may be started and held in one commit, as never begun: the first claim brings what was posted to it', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = arena.start({ owned: true })
    const release = { wakeAt: 5_000, held: heldBy('task_failure'), unbegun: true as const }
    const committed = await arena.commit(worker, { starts: [start], transitions: [transition(start.runId, { release })] })
    assert.deepEqual([committed.starts, committed.transitions], [[{ type: 'started' }], ['ok']])
    assert.equal((await arena.get(start)).firstTaskAt, null)
    await arena.post({ ...start, type: 'WorkflowExecutionSignaled', data: '1' })
    assert.deepEqual(await arena.claim(worker, { now: 4_999 }), [])
    const claimed = await arena.claim(worker, { now: 5_000 })
    assert.deepEqual(claimed.map(({ execution, first, inbox }) => [execution.runId, first, inbox.length]), [[start.runId, true, 1]])
  })

  test('a later release holds again, another clears it', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await holding(arena, worker, heldBy('nondeterminism'), 5_000)
    await arena.claim(worker)
    const again = { ...heldBy('nondeterminism'), count: 4 }
    await arena.transit(worker, start.runId, { release: { wakeAt: 6_000, held: again } })
    assert.deepEqual((await arena.get(start)).held, again)
    await arena.claim(worker)
    await arena.transit(worker, start.runId, { release: { wakeAt: 6_000, held: null } })
    assert.equal((await arena.get(start)).held, null)
  })

  test('held executions and others are claimed in one order', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const low = await arena.started(null, { priority: 4, wakeAt: 1 })
    const held = await holding(arena, worker, heldBy('task_failure'), 2)
    const high = await arena.started(null, { priority: 2, wakeAt: 3 })
    assert.deepEqual(runIds(await arena.claim(worker, { limit: 2 })), [high.runId, held.runId])
    assert.deepEqual(runIds(await arena.claim(worker, { limit: 2 })), [low.runId])
  })
}
