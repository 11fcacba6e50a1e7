import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { InboxPost, StartRecord } from '@perdure/engine'
import { Arena, completed, event, newRunId, payload, type Harness } from '../arena.ts'

const to = (start: StartRecord, overrides: Partial<InboxPost> = {}): InboxPost => ({
  namespace: start.namespace, workflowId: start.workflowId, runId: null, type: 'WorkflowSignaled', data: '{}', ...overrides,
})

export function inboxScenarios(harness: Harness): void {
  posts(harness)
  reads(harness)
  terminations(harness)
}

function posts(harness: Harness): void {
  test('a post reaches the open run of a workflow id, or the run named', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await arena.started(worker)
    const outcomes = await arena.store.post([to(start, { data: '1' }), to(start, { runId: start.runId, data: '2' })])
    assert.deepEqual(outcomes.map(outcome => [outcome.type, outcome.type === 'posted' && outcome.runId]),
      [['posted', start.runId], ['posted', start.runId]])
    assert.deepEqual(await arena.unread(worker, start), ['1', '2'])
  })

  test('unread messages of a run can be read whoever owns it, and stay unread', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const [start, other] = [await arena.started(worker), await arena.started(null)]
    await arena.store.post([to(start, { data: '1' }), to(other, { data: '2' }), to(start, { data: '3' })])
    const read = async (limit: number) => (await arena.store.readMessages(start.runId, limit)).map(({ runId, data }) => [runId, data])
    assert.deepEqual(await read(10), [[start.runId, '1'], [start.runId, '3']])
    assert.deepEqual(await read(1), [[start.runId, '1']])
    assert.deepEqual((await arena.store.readMessages(other.runId, 10)).map(({ data }) => data), ['2'])
    assert.deepEqual(await arena.store.readMessages(newRunId(), 10), [])
    assert.deepEqual(await arena.unread(worker, start), ['1', '3'])
  })

  test('each post has its own outcome: posted, closed, not found', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const [open, closed] = [await arena.started(worker), await arena.started(worker)]
    await arena.transit(worker, closed.runId, { close: completed })
    const outcomes = await arena.store.post([
      to(closed), to(open), to(open, { workflowId: 'nobody' }), to(closed, { runId: closed.runId }), to(open, { runId: newRunId() }),
      to(open, { namespace: 'nowhere' }),
    ])
    assert.deepEqual(outcomes.map(outcome => outcome.type), ['closed', 'posted', 'not_found', 'closed', 'not_found', 'not_found'])
    assert.deepEqual(outcomes[0], { type: 'closed', runId: closed.runId })
  })

  test('a post to a closed run does not go to the open one of the same workflow id', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const old = await arena.started(worker)
    await arena.transit(worker, old.runId, { close: completed })
    const open = await arena.started(worker, { workflowId: old.workflowId, startedAt: 2_000 })
    const [named, current] = await arena.store.post([to(old, { runId: old.runId, data: '1' }), to(old, { data: '2' })])
    assert.deepEqual([named?.type, current?.type], ['closed', 'posted'])
    assert.deepEqual(await arena.unread(worker, open), ['2'])
  })

  test('a run id does not lead to a run of another workflow id', async () => {
    const arena = new Arena(harness())
    const [one, two] = [await arena.started(null), await arena.started(null)]
    assert.deepEqual(await arena.store.post([to(one, { runId: two.runId })]), [{ type: 'not_found' }])
  })

  test('a post to an id with only closed runs names the one started last', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const first = await arena.started(worker, { startedAt: 1_000 })
    await arena.transit(worker, first.runId, { close: completed })
    const last = await arena.started(worker, { startedAt: 2_000, workflowId: first.workflowId })
    await arena.transit(worker, last.runId, { close: completed })
    assert.deepEqual(await arena.store.post([to(first)]), [{ type: 'closed', runId: last.runId }])
  })

  test('a message of a megabyte and all kinds of text arrive as they were', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await arena.started(worker)
    const texts = ['"x"'.padEnd(1_000_000, ' '), payload({ text: 'é🙂\u2028"\'\\%_' })]
    await arena.store.post(texts.map(data => to(start, { data })))
    assert.deepEqual(await arena.unread(worker, start), texts)
  })
}

function reads(harness: Harness): void {
  test('an owner reads the messages of its executions in the order of their ids, without those it holds', async () => {
    const arena = new Arena(harness())
    const [worker, other] = [await arena.worker(), await arena.worker()]
    const [one, two, theirs] = [await arena.started(worker), await arena.started(worker), await arena.started(other)]
    const ids = [await arena.signal(two), await arena.signal(one), await arena.signal(two)]
    await arena.signal(theirs)
    const read = async (known: number[], limit: number) =>
      (await arena.store.readInbox(worker.incarnation, known, limit)).map(message => message.id)
    assert.deepEqual(await read([], 10), ids)
    assert.deepEqual(ids, ids.toSorted((a, b) => a - b))
    assert.deepEqual(await read([], 2), ids.slice(0, 2))
    assert.deepEqual(await read(ids.slice(0, 1), 1), ids.slice(1, 2))
    assert.deepEqual(await read(ids, 10), [])
  })

  test('the tick tells an owner of messages, and others not', async () => {
    const arena = new Arena(harness())
    const [worker, other] = [await arena.worker(), await arena.worker()]
    const start = await arena.started(worker)
    const inbox = async (serving: typeof worker) => (await arena.store.tick(serving, 5_000)).inbox
    assert.equal(await inbox(worker), false)
    const consumed = [await arena.signal(start)]
    assert.deepEqual([await inbox(worker), await inbox(other)], [true, false])
    await arena.transit(worker, start.runId, { events: [event(1)], consumed })
    assert.equal(await inbox(worker), false)
  })

  test('messages to an execution that nobody owns reach whoever claims it, in order', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await arena.started(worker)
    await arena.transit(worker, start.runId, { release: { wakeAt: 90_000, held: null } })
    for (const data of ['1', '2', '3']) await arena.signal(start, data)
    assert.deepEqual(await arena.unread(worker, start), [])
    const [claimed] = await arena.claim(worker)
    assert.deepEqual(claimed?.inbox.map(message => message.data), ['1', '2', '3'])
    assert.deepEqual(await arena.unread(worker, start), ['1', '2', '3'])
  })

  test('a message does not end a start delay, a request to cancel does', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await arena.started(null, { wakeAt: 90_000 })
    await arena.signal(start, '1')
    assert.deepEqual(await arena.claim(worker), [])
    await arena.post({ ...start, type: 'WorkflowExecutionCancelRequested', data: '2' })
    const [claimed] = await arena.claim(worker)
    assert.deepEqual(claimed?.inbox.map(message => message.data), ['1', '2'])
  })
}

function terminations(harness: Harness): void {
  const failure = payload({ message: 'stop' })

  test('terminate closes an execution that another owns, with its tasks and messages', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await arena.started(worker)
    await arena.transit(worker, start.runId, { events: [event(1)], tasks: [arena.task(start, 1)] })
    await arena.signal(start)
    const { namespace, workflowId } = start
    const outcome = await arena.store.terminate({ namespace, workflowId, runId: null, failure, at: 6_000 })
    assert.deepEqual(outcome, { type: 'terminated', runId: start.runId })
    const record = await arena.get(start)
    assert.deepEqual([record.status, record.failure, record.closedAt, record.owner], ['TERMINATED', failure, 6_000, null])
    assert.deepEqual(await arena.store.readTasks(start.runId), [])
    assert.equal((await arena.store.tick(worker, 5_000)).inbox, false)
    assert.equal(await arena.transit(worker, start.runId, { events: [event(2)] }), 'lost')
    assert.equal((await arena.store.readHistory(start.runId, 0, 10)).length, 1)
  })

  test('terminate of a closed execution tells its status, of an unknown one says so', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await arena.started(worker)
    await arena.transit(worker, start.runId, { close: completed })
    const { namespace, workflowId, runId } = start
    const request = { namespace, workflowId, runId: null, failure, at: 6_000 }
    assert.deepEqual(await arena.store.terminate(request), { type: 'closed', runId, status: 'COMPLETED' })
    assert.equal((await arena.get(start)).closedAt, completed.at)
    assert.deepEqual(await arena.store.terminate({ ...request, workflowId: 'nobody' }), { type: 'not_found' })
    assert.deepEqual(await arena.store.terminate({ ...request, runId: newRunId() }), { type: 'not_found' })
  })

  test('terminate of a held execution clears why it was held', async () => {
    const arena = new Arena(harness())
    const worker = await arena.worker()
    const start = await arena.started(worker)
    const held = { code: 'task_failure', reason: 'r', buildId: 'build-1', count: 1, spent: false } as const
    await arena.transit(worker, start.runId, { release: { wakeAt: null, held } })
    await arena.store.terminate({ ...start, failure, at: 6_000 })
    const record = await arena.get(start)
    assert.deepEqual([record.status, record.held, record.wakeAt], ['TERMINATED', null, null])
  })
}
