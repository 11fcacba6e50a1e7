import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { QueryReply, Serving } from '@perdure/engine'
import { Arena, completed, newRunId, payload, type Harness } from '../arena.ts'

const answer: QueryReply = { type: 'answered', result: payload({ state: 'charged' }) }
const claimed = async (arena: Arena, worker: Serving, now = 10_000, limit = 10) =>
  (await arena.store.claimQueries(worker, now, limit)).map(query => query.id)

export function queryScenarios(harness: Harness): void {
  whoAnswers(harness)
  replies(harness)
}

function whoAnswers(harness: Harness): void {
  test('a query of an owned execution goes to its owner alone, as it was asked', async () => {
    const arena = new Arena(harness())
    const [owner, other] = [await arena.worker({ taskQueues: [], workflowTypes: [] }), await arena.worker()]
    const start = await arena.started(owner)
    const query = arena.query(start, { args: payload(['a', 1]) })
    await arena.store.askQuery(query)
    assert.deepEqual(await claimed(arena, other), [])
    assert.deepEqual(await arena.store.claimQueries(owner, 10_000, 10), [query])
  })

  test('a query of an execution that nobody owns goes to a worker of its queue and type', async () => {
    const arena = new Arena(harness())
    const query = arena.query(await arena.started(null))
    await arena.store.askQuery(query)
    assert.deepEqual(await claimed(arena, await arena.worker({ taskQueues: ['elsewhere'] })), [])
    assert.deepEqual(await claimed(arena, await arena.worker({ workflowTypes: ['other'] })), [])
    assert.deepEqual(await claimed(arena, await arena.worker()), [query.id])
  })

  test('a query of a closed execution is answered too', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await arena.started(worker)
    await arena.transit(worker, start.runId, { close: completed })
    const query = arena.query(start)
    await arena.store.askQuery(query)
    assert.deepEqual(await claimed(arena, await arena.worker()), [query.id])
  })

  test('a query is claimed once, up to the limit, and not when it has expired', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await arena.started(null)
    for (const expiresAt of [20_000, 30_000, 9_999]) await arena.store.askQuery(arena.query(start, { expiresAt }))
    assert.equal((await claimed(arena, worker, 10_000, 1)).length, 1)
    assert.equal((await claimed(arena, worker)).length, 1)
    assert.deepEqual(await claimed(arena, worker), [])
  })

  test('a query whose worker died goes to another', async () => {
    const arena = new Arena(harness())
    const [worker, other] = [await arena.worker(), await arena.worker()]
    const query = arena.query(await arena.started(null))
    await arena.store.askQuery(query)
    assert.deepEqual(await claimed(arena, worker), [query.id])
    assert.deepEqual(await claimed(arena, other), [])
    await arena.store.retireWorker(worker.incarnation)
    assert.deepEqual(await claimed(arena, other), [query.id])
  })

  test('a query of a run that does not exist, and any query to a dead worker, is not handed out', async () => {
    const arena = new Arena(harness())
    const [worker, dead] = [await arena.worker(), await arena.worker()]
    await arena.store.retireWorker(dead.incarnation)
    const start = await arena.started(null)
    await arena.store.askQuery(arena.query(start, { runId: newRunId() }))
    assert.deepEqual(await claimed(arena, worker), [])
    await arena.store.askQuery(arena.query(start))
    assert.deepEqual(await claimed(arena, dead), [])
    assert.equal((await claimed(arena, worker)).length, 1)
  })

  test('the tick tells of queries to those who may answer', async () => {
    const arena = new Arena(harness())
    const [worker, other] = [await arena.worker(), await arena.worker({ taskQueues: ['elsewhere'] })]
    const start = await arena.started(null)
    const queries = async (serving: Serving) => (await arena.store.tick(serving, 5_000)).queries
    assert.equal(await queries(worker), false)
    await arena.store.askQuery(arena.query(start, { expiresAt: (await arena.store.ping()) + 60_000 }))
    assert.deepEqual([await queries(worker), await queries(other)], [true, false])
    await claimed(arena, worker)
    assert.equal(await queries(worker), false)
  })
}

function replies(harness: Harness): void {
  test('a reply is taken once, and taking it deletes the query', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const query = arena.query(await arena.started(null))
    await arena.store.askQuery(query)
    assert.equal(await arena.store.takeReply(query.id), undefined)
    await claimed(arena, worker)
    await arena.store.answerQuery(query.id, answer)
    assert.deepEqual(await arena.store.takeReply(query.id), answer)
    assert.equal(await arena.store.takeReply(query.id), undefined)
    await arena.store.answerQuery(query.id, answer)
    assert.equal(await arena.store.takeReply(query.id), undefined)
  })

  test('a failed reply keeps its code and message', async () => {
    const arena = new Arena(harness())
    const query = arena.query(await arena.started(null))
    await arena.store.askQuery(query)
    const failed = { type: 'failed', code: 'QUERY_NOT_REGISTERED', message: 'no query "state"\nknown: total' } as const
    await arena.store.answerQuery(query.id, failed)
    assert.deepEqual(await arena.store.takeReply(query.id), failed)
  })

  test('the first reply counts, and an answered query is not handed out again', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const query = arena.query(await arena.started(null))
    await arena.store.askQuery(query)
    await arena.store.answerQuery(query.id, answer)
    await arena.store.answerQuery(query.id, { type: 'failed', code: 'LATE', message: 'too late' })
    assert.deepEqual(await claimed(arena, worker), [])
    assert.deepEqual(await arena.store.takeReply(query.id), answer)
  })

  test('a reply to nobody is dropped', async () => {
    const { store } = new Arena(harness())
    await store.answerQuery('11111111-2222-4333-8444-555555555555', answer)
    assert.equal(await store.takeReply('11111111-2222-4333-8444-555555555555'), undefined)
  })
}
