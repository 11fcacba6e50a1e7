/** Updates: messages with an answer, found by their id also when the execution has closed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StartRecord, Store, UpdateRequest, UpdateRequestOutcome } from '@perdure/engine'
import { Arena, completed, event, type Harness, newRunId, payload, transition } from '../arena.ts'

function asks({ namespace, workflowId }: StartRecord, updateId = 'u', overrides: Partial<UpdateRequest> = {}): UpdateRequest {
  return { namespace, workflowId, runId: null, updateId, message: { type: 'Update', data: `"${updateId}"` }, ...overrides }
}

/** As clients do: again while it is busy. */
async function request(store: Store, ...requests: readonly UpdateRequest[]): Promise<readonly UpdateRequestOutcome[]> {
  for (;;) {
    const outcomes = await store.requestUpdates(requests)
    if (outcomes.every(outcome => outcome.type !== 'busy')) return outcomes
  }
}

export function updateScenarios(harness: Harness): void {
  requests(harness)
  stages(harness)
  repetitions(harness)
}

function requests(harness: Harness): void {
  test('a request is a row and a message together, and its id is asked once', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await arena.started(worker)
    const { runId } = start
    const admitted = { runId, updateId: 'u', stage: 'admitted', result: null, failure: null, isOpen: true } as const
    assert.deepEqual(await request(arena.store, asks(start)), [{ type: 'requested', runId }])
    assert.deepEqual(await arena.store.readUpdates([{ runId, updateId: 'u' }, { runId, updateId: 'v' }]), [admitted])
    assert.deepEqual(await request(arena.store, asks(start, 'u', { runId })), [{ type: 'known', runId, state: admitted }])
    assert.deepEqual(await arena.unread(worker, start), ['"u"'])
  })

  test('many requests are answered in their order, two of one id among them as one', async () => {
    const arena = new Arena(harness())
    const [one, other, closed] = [await arena.started(null), await arena.started(null), await arena.started(null)]
    const { namespace, workflowId } = closed
    await arena.store.terminate({ namespace, workflowId, runId: null, failure: payload('gone'), at: 5 })
    const outcomes = await request(
      arena.store, asks(other, 'b'), asks(one, 'a'), asks(closed), asks({ ...one, workflowId: 'nobody' }), asks(one, 'a'),
      asks(one, 'c', { runId: newRunId() }),
    )
    assert.deepEqual(outcomes.map(({ type }) => type), ['requested', 'requested', 'closed', 'not_found', 'known', 'not_found'])
    assert.deepEqual((await arena.store.readMessages(one.runId, 10)).map(({ data }) => data), ['"a"'])
    const keys = [{ runId: other.runId, updateId: 'b' }, { runId: one.runId, updateId: 'a' }, { runId: newRunId(), updateId: 'a' }]
    assert.deepEqual((await arena.store.readUpdates(keys)).map(({ updateId }) => updateId), ['b', 'a'])
    assert.deepEqual([await arena.store.requestUpdates([]), await arena.store.readUpdates([])], [[], []])
  })

  test('a request wakes an execution that nobody owns', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await arena.started(worker)
    await arena.transit(worker, start.runId, { release: { wakeAt: null, held: null } })
    await request(arena.store, asks(start))
    assert.equal((await arena.claim(worker)).length, 1)
  })
}

function stages(harness: Harness): void {
  test('transitions of the owner move an update, and one that is not there is inserted', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await arena.started(worker)
    const { runId } = start
    await request(arena.store, asks(start))
    const read = async () => arena.store.readUpdates([{ runId, updateId: 'u' }, { runId, updateId: 'new' }])
    const accepted = { updateId: 'u', stage: 'accepted', result: null, failure: null } as const
    const done = { updateId: 'new', stage: 'completed', result: payload({ ok: 1 }), failure: null } as const
    await arena.transit(worker, runId, { events: [event(1)], updates: [accepted, done] })
    assert.deepEqual(await read(), [{ ...accepted, runId, isOpen: true }, { ...done, runId, isOpen: true }])
    const failed = { updateId: 'u', stage: 'completed', result: null, failure: payload('no') } as const
    const consumed = (await arena.store.readMessages(runId, 10)).map(({ id }) => id)
    assert.equal(await arena.transit(worker, runId, { consumed, updates: [accepted, failed], close: completed }), 'ok')
    assert.deepEqual(await read(), [{ ...failed, runId, isOpen: false }, { ...done, runId, isOpen: false }])
  })

  test('a transition that is refused moves no update', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const [start, theirs] = [await arena.started(worker), await arena.started(null)]
    await request(arena.store, asks(start))
    const updates = [{ updateId: 'u', stage: 'completed', result: payload(1), failure: null }] as const
    const { transitions } = await arena.commit(worker, {
      transitions: [transition(start.runId, { updates, close: completed }), transition(theirs.runId, { updates })],
    })
    assert.deepEqual(transitions, ['unread', 'lost'])
    const states = await arena.store.readUpdates([start, theirs].map(({ runId }) => ({ runId, updateId: 'u' })))
    assert.deepEqual(states.map(({ stage }) => stage), ['admitted'])
  })
}

function repetitions(harness: Harness): void {
  const rejected = { updateId: 'u', stage: 'rejected', result: null, failure: payload('no') } as const

  test('a rejected update may be asked again under its id', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await arena.started(worker)
    const { runId } = start
    await request(arena.store, asks(start))
    const consumed = (await arena.store.readMessages(runId, 10)).map(({ id }) => id)
    await arena.transit(worker, runId, { consumed, updates: [rejected] })
    assert.deepEqual(await request(arena.store, asks(start)), [{ type: 'requested', runId }])
    const [state] = await arena.store.readUpdates([{ runId, updateId: 'u' }])
    assert.deepEqual([state?.stage, state?.failure], ['admitted', null])
    assert.equal((await arena.store.readMessages(runId, 10)).length, 1)
  })

  test('what became of an update is told also when the execution has closed', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await arena.started(worker)
    const { runId } = start
    const done = { updateId: 'v', stage: 'completed', result: payload(7), failure: null } as const
    await arena.transit(worker, runId, { updates: [done, rejected], close: completed })
    assert.deepEqual(await request(arena.store, asks(start, 'v'), asks(start, 'u'), asks(start, 'w')), [
      { type: 'known', runId, state: { ...done, runId, isOpen: false } },
      { type: 'known', runId, state: { ...rejected, runId, isOpen: false } },
      { type: 'closed', runId },
    ])
  })

  test('a request whose execution somebody holds is busy alone, and nothing of it is written', async t => {
    const arena = new Arena(harness())
    if (arena.holdRow === undefined) return t.skip('this store has no locks of rows')
    const [held, free] = [await arena.started(null), await arena.started(null)]
    const letGo = await arena.holdRow(held.runId)
    const outcomes = await arena.store.requestUpdates([asks(held), asks(free)])
    await letGo()
    assert.deepEqual(outcomes, [{ type: 'busy' }, { type: 'requested', runId: free.runId }])
    assert.deepEqual(await arena.store.readUpdates([{ runId: held.runId, updateId: 'u' }]), [])
    assert.deepEqual(await arena.store.readMessages(held.runId, 10), [])
  })
}
