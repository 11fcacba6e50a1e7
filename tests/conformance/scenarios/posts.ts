/** Batches of messages: what of a batch is posted, and that sending the rest again posts nothing twice. */
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { InboxPost, PostOutcome, RunId, StartRecord } from '@perdure/engine'
import { Arena, completed, transition, type Harness } from '../arena.ts'

const to = (start: StartRecord, data: string, overrides: Partial<InboxPost> = {}): InboxPost => ({
  namespace: start.namespace, workflowId: start.workflowId, runId: null, type: 'WorkflowSignaled', data, ...overrides,
})

const typesOf = (outcomes: readonly PostOutcome[]) => outcomes.map(outcome => outcome.type)

export function postScenarios(harness: Harness): void {
  heldRows(harness)

  test('a batch to many executions and many to one arrives whole, each inbox in the order of the batch', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const starts = await Promise.all(Array.from({ length: 20 }, () => arena.started(worker)))
    const posts = Array.from({ length: 200 }, (_, index) => to(starts[index % 20] as StartRecord, String(index)))
    const outcomes = await arena.store.post(posts)
    const runs = posts.map((_, index) => starts[index % 20]?.runId)
    assert.deepEqual(outcomes.map(outcome => outcome.type === 'posted' && outcome.runId), runs)
    for (const [place, start] of starts.entries()) {
      assert.deepEqual(await arena.unread(worker, start), Array.from({ length: 10 }, (_, index) => String(index * 20 + place)))
    }
  })

  test('an empty batch of messages has no outcomes', async () => {
    assert.deepEqual(await harness().store.post([]), [])
  })
}

function heldRows(harness: Harness): void {
  test('a held row in the middle of a batch makes its own messages busy, and the others are posted', async (t) => {
    const arena = new Arena(harness())
    const hold = holdOf(arena, t)
    if (hold === undefined) return
    const worker = await arena.worker()
    const [first, held, last] = [await arena.started(worker), await arena.started(worker), await arena.started(worker)]
    const letGo = await hold(held.runId)
    const batch = [to(first, '1'), to(held, '2'), to(last, '3'), to(held, '4', { runId: held.runId }), to(first, '5'), to(held, '6')]
    const outcomes = await arena.store.post(batch)
    assert.deepEqual(typesOf(outcomes), ['posted', 'busy', 'posted', 'busy', 'posted', 'busy'])
    const rest = batch.filter((_, index) => outcomes[index]?.type === 'busy')
    assert.deepEqual(typesOf(await arena.store.post(rest)), ['busy', 'busy', 'busy'])
    await letGo()
    assert.deepEqual(typesOf(await arena.store.post(rest)), ['posted', 'posted', 'posted'])
    assert.deepEqual(
      await Promise.all([first, held, last].map(start => arena.unread(worker, start))), [['1', '5'], ['2', '4', '6'], ['3']])
  })

  test('beside messages to a held row, closed and unknown executions are told as such', async (t) => {
    const arena = new Arena(harness())
    const hold = holdOf(arena, t)
    if (hold === undefined) return
    const worker = await arena.worker()
    const [closed, held] = [await arena.started(worker), await arena.started(worker)]
    await arena.transit(worker, closed.runId, { close: completed })
    const letGo = await hold(held.runId)
    const outcomes = await arena.store.post([to(closed, '1'), to(held, '2'), to(held, '3', { workflowId: 'nobody' })])
    assert.deepEqual(outcomes, [{ type: 'closed', runId: closed.runId }, { type: 'busy' }, { type: 'not_found' }])
    await letGo()
    assert.deepEqual(await arena.unread(worker, held), [])
  })

  test('a held row in the middle of a batch of transitions is refused alone, and its repetition is written once', async (t) => {
    const arena = new Arena(harness())
    const hold = holdOf(arena, t)
    if (hold === undefined) return
    const worker = await arena.worker()
    const starts = [await arena.started(worker), await arena.started(worker), await arena.started(worker)]
    const letGo = await hold(starts[1]?.runId as RunId)
    const transitions = starts.map(({ runId }) => transition(runId, { close: completed }))
    assert.deepEqual((await arena.commit(worker, { transitions })).transitions, ['ok', 'locked', 'ok'])
    await letGo()
    assert.deepEqual((await arena.commit(worker, { transitions })).transitions, ['lost', 'ok', 'lost'])
  })
}

/** Undefined: the store has no locks of rows, so nothing can be held. */
function holdOf(arena: Arena, t: TestContext): Arena['holdRow'] {
  if (arena.holdRow === undefined) t.skip('this store has no locks of rows')
  return arena.holdRow
}
