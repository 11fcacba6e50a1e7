import assert from 'node:assert/strict'
import { test } from 'node:test'
import { executionStatuses, StoreRejectedError, terminatedByStart } from '@perdure/engine'
import type { ClosedStatus } from '@perdure/engine'
import { Arena, completed, newRunId, payload, type Harness } from '../arena.ts'

const closedStatuses = executionStatuses.filter((status): status is ClosedStatus => status !== 'RUNNING')

export function startScenarios(harness: Harness): void {
  newRuns(harness)
  openIds(harness)
  closedIds(harness)
  batches(harness)
}

function newRuns(harness: Harness): void {
  test('a start makes a running execution that holds what was given', async () => {
    const arena = new Arena(harness())
    const start = await arena.started(null, {
      priority: 1, wakeAt: 4_000, input: payload(['a', 2]), memo: payload({ note: 'é🙂"\'\\' }),
      searchAttributes: payload({ City: 'Ulm' }),
    })
    assert.deepEqual(await arena.get(start), {
      namespace: arena.namespace, workflowId: start.workflowId, runId: start.runId, workflowType: 'order', taskQueue: arena.queue,
      status: 'RUNNING', priority: 1, owner: null, wakeAt: 4_000, held: null, input: start.input, result: null, failure: null,
      memo: start.memo, searchAttributes: start.searchAttributes, firstRunId: start.runId, takeovers: 0, startedAt: 1_000,
      firstTaskAt: null, closedAt: null, parent: null, expiresAt: null, details: null,
    })
  })

  test('an owned start belongs to its worker at once, and its code has run', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const record = await arena.get(await arena.started(worker, { startedAt: 1_234, wakeAt: 1_234 }))
    assert.deepEqual([record.owner, record.firstTaskAt, record.wakeAt], [worker.incarnation, 1_234, null])
    assert.deepEqual(await arena.claim(worker), [])
  })

  test('an input of two megabytes comes back as it was', async () => {
    const arena = new Arena(harness())
    const input = payload(['ü'.repeat(1_000_000)])
    const start = await arena.started(null, { input })
    assert.equal((await arena.get(start)).input === input, true)
  })

  test('the empty payload comes back as the empty text', async () => {
    const arena = new Arena(harness())
    const start = await arena.started(null, { input: '' as typeof completed.result, memo: '' as typeof completed.result })
    const record = await arena.get(start)
    assert.deepEqual([record.input, record.memo, record.searchAttributes], ['', '', null])
  })
}

function openIds(harness: Harness): void {
  for (const conflictPolicy of ['FAIL', 'USE_EXISTING'] as const) {
    test(`a start with ${conflictPolicy} of an id that is open answers with the open run and writes nothing`, async () => {
      const arena = new Arena(harness())
      const open = await arena.started(null)
      const again = arena.start({ workflowId: open.workflowId, conflictPolicy })
      const { starts } = await arena.commit(null, { starts: [again] })
      assert.deepEqual(starts, [{ type: 'exists', runId: open.runId, status: 'RUNNING' }])
      assert.equal(await arena.store.getExecution(arena.namespace, open.workflowId, again.runId), undefined)
    })
  }

  test('a start with TERMINATE_EXISTING closes the open run and takes its id in one commit', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const open = await arena.started(worker)
    await arena.transit(worker, open.runId, { tasks: [arena.task(open, 1)] })
    await arena.signal(open)
    const next = await arena.started(null, { workflowId: open.workflowId, conflictPolicy: 'TERMINATE_EXISTING', startedAt: 2_000 })
    const old = await arena.get(open)
    assert.deepEqual([old.status, old.failure, old.closedAt, old.owner], ['TERMINATED', terminatedByStart, 2_000, null])
    const closed = { runId: open.runId, status: 'TERMINATED', result: null, failure: terminatedByStart }
    assert.deepEqual(await arena.store.readClosed([open.runId, next.runId]), [closed])
    assert.equal((await arena.get(next)).status, 'RUNNING')
    assert.deepEqual(await arena.store.readTasks(open.runId), [])
    assert.equal((await arena.store.tick(worker, 5_000)).inbox, false)
    assert.equal(await arena.transit(worker, open.runId), 'lost')
  })

  test('one workflow id is open in two namespaces without a conflict', async () => {
    const [one, two] = [new Arena(harness()), new Arena(harness())]
    const start = await one.started(null)
    const other = await two.started(null, { workflowId: start.workflowId })
    assert.equal((await two.get(other)).status, 'RUNNING')
    assert.equal(await one.store.getExecution(two.namespace, start.workflowId, start.runId), undefined)
  })
}

function closedIds(harness: Harness): void {
  for (const status of closedStatuses) {
    test(`reuse of an id whose last run is ${status} follows the policy`, async () => {
      const arena = new Arena(harness())
      const worker = await arena.worker()
      const first = await arena.started(worker)
      await arena.transit(worker, first.runId, { close: { ...completed, status } })
      const tryWith = async (reusePolicy: 'REJECT_DUPLICATE' | 'ALLOW_DUPLICATE_FAILED_ONLY' | 'ALLOW_DUPLICATE') => {
        const again = arena.start({ workflowId: first.workflowId, reusePolicy, startedAt: 9_999 })
        const { starts } = await arena.commit(null, { starts: [again] })
        return starts[0]
      }
      const exists = { type: 'exists', runId: first.runId, status }
      assert.deepEqual(await tryWith('REJECT_DUPLICATE'), exists)
      const failed = ['FAILED', 'CANCELLED', 'TERMINATED', 'TIMED_OUT'].includes(status)
      assert.deepEqual(await tryWith('ALLOW_DUPLICATE_FAILED_ONLY'), failed ? { type: 'started' } : exists)
      if (!failed) assert.deepEqual(await tryWith('ALLOW_DUPLICATE'), { type: 'started' })
    })
  }

  test('ALLOW_DUPLICATE_FAILED_ONLY looks at the newest closed run alone', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const failed = await arena.started(worker, { startedAt: 1_000 })
    await arena.transit(worker, failed.runId, { close: { ...completed, status: 'FAILED' } })
    const newest = await arena.started(worker, { startedAt: 2_000, workflowId: failed.workflowId })
    await arena.transit(worker, newest.runId, { close: completed })
    const again = arena.start({ workflowId: failed.workflowId, reusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY', startedAt: 3_000 })
    const { starts } = await arena.commit(null, { starts: [again] })
    assert.deepEqual(starts, [{ type: 'exists', runId: newest.runId, status: 'COMPLETED' }])
  })

  test('a start repeated with its own run id changes nothing and answers with that run', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await arena.started(worker, { conflictPolicy: 'TERMINATE_EXISTING' })
    const open = await arena.commit(worker, { starts: [start] })
    assert.deepEqual(open.starts, [{ type: 'exists', runId: start.runId, status: 'RUNNING' }])
    await arena.transit(worker, start.runId, { close: completed })
    const closed = await arena.commit(worker, { starts: [start] })
    assert.deepEqual(closed.starts, [{ type: 'exists', runId: start.runId, status: 'COMPLETED' }])
  })

  test('a start repeated after its run was replaced answers with that run, and leaves the one that replaced it alone', async () => {
    const arena = new Arena(harness())
    const start = await arena.started(null, { conflictPolicy: 'TERMINATE_EXISTING' })
    const next = await arena.started(null, { workflowId: start.workflowId, conflictPolicy: 'TERMINATE_EXISTING', startedAt: 2_000 })
    const { starts } = await arena.commit(null, { starts: [arena.start(), start, arena.start()] })
    assert.deepEqual(starts, [{ type: 'started' }, { type: 'exists', runId: start.runId, status: 'TERMINATED' }, { type: 'started' }])
    assert.equal((await arena.get(next)).status, 'RUNNING')
  })
}

function batches(harness: Harness): void {
  test('a refused start does not fail its neighbours', async () => {
    const arena = new Arena(harness())
    const open = await arena.started(null)
    const [before, after] = [arena.start(), arena.start()]
    const { starts } = await arena.commit(null, { starts: [before, arena.start({ workflowId: open.workflowId }), after] })
    assert.deepEqual(starts.map(outcome => outcome.type), ['started', 'exists', 'started'])
    assert.equal((await arena.get(after)).status, 'RUNNING')
    assert.equal((await arena.get(before)).status, 'RUNNING')
  })

  test('of two starts of one id in a batch the first wins', async () => {
    const arena = new Arena(harness())
    const first = arena.start()
    const { starts } = await arena.commit(null, { starts: [first, { ...first, runId: newRunId(), conflictPolicy: 'USE_EXISTING' }] })
    assert.deepEqual(starts, [{ type: 'started' }, { type: 'exists', runId: first.runId, status: 'RUNNING' }])
  })

  test('a producer that asks for an owned start is refused as a whole', async () => {
    const arena = new Arena(harness())
    const [fine, owned] = [arena.start(), arena.start({ owned: true })]
    await assert.rejects(arena.store.commit({ incarnation: null, starts: [fine, owned], transitions: [] }), StoreRejectedError)
    assert.equal(await arena.store.getExecution(arena.namespace, fine.workflowId, null), undefined)
  })

  test('a dead worker starts nothing', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    await arena.store.retireWorker(worker.incarnation)
    const start = arena.start({ owned: true })
    assert.deepEqual(await arena.store.commit({ incarnation: worker.incarnation, starts: [start], transitions: [] }), { type: 'fenced' })
    assert.equal(await arena.store.getExecution(arena.namespace, start.workflowId, null), undefined)
  })
}
