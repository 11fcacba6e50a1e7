/** What is special in how this store commits; what all stores share is in the conformance suite. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { asRunId, type CommitBatch } from '@perdure/engine'
import { Committer } from '../../packages/postgres/src/committer.ts'
import type { Statement, Value } from '../../packages/postgres/src/statement.ts'
import { completed, event, newRunId, transition } from '../conformance/arena.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage
before(async () => {
  stage = await openStage('commits')
})
after(() => stage.dispose())

test('run ids in capital letters get their outcomes', async () => {
  const { arena } = stage
  const worker = await arena.worker()
  const runId = asRunId(newRunId().toUpperCase())
  const start = arena.start({ runId, owned: true })
  const first = await arena.commit(worker, { starts: [start], transitions: [transition(runId, { events: [event(1)] })] })
  assert.deepEqual(first, { starts: [{ type: 'started' }], transitions: ['ok'] })
  const again = await arena.commit(worker, { starts: [start], transitions: [transition(runId, { events: [event(2)] })] })
  assert.deepEqual(again, { starts: [{ type: 'exists', runId: runId.toLowerCase(), status: 'RUNNING' }], transitions: ['ok'] })
  await arena.signal(start)
  const [unread, unknown] = [transition(runId, { close: completed }), transition(asRunId(newRunId().toUpperCase()), { close: completed })]
  assert.deepEqual((await arena.commit(worker, { transitions: [unread, unknown] })).transitions, ['unread', 'lost'])
})

test('a repeated start whose run has moved on does not write its transition twice', async () => {
  const { arena, store } = stage
  const worker = await arena.worker()
  const start = arena.start({ owned: true })
  const batch = { starts: [start], transitions: [transition(start.runId, { events: [event(1)], close: completed })] }
  assert.deepEqual(await arena.commit(worker, batch), { starts: [{ type: 'started' }], transitions: ['ok'] })
  assert.deepEqual(await arena.commit(worker, batch), {
    starts: [{ type: 'exists', runId: start.runId, status: 'COMPLETED' }], transitions: ['lost'],
  })
  assert.equal((await store.readHistory(start.runId, 0, 10)).length, 1)
})

test('starts of one id in a batch keep their order, whatever way each is made', async () => {
  const { arena } = stage
  const worker = await arena.worker()
  const [first, second, third] = [arena.start({ owned: true }), arena.start(), arena.start()]
  const { workflowId } = first
  const { starts } = await arena.commit(worker, {
    starts: [
      first, { ...second, workflowId, conflictPolicy: 'TERMINATE_EXISTING' }, { ...third, workflowId, conflictPolicy: 'USE_EXISTING' },
    ],
  })
  assert.deepEqual(starts, [{ type: 'started' }, { type: 'started' }, { type: 'exists', runId: second.runId, status: 'RUNNING' }])
  assert.equal((await arena.get(first)).status, 'TERMINATED')
})

test('the messages that one run consumes do not count as read for another', async () => {
  const { arena } = stage
  const worker = await arena.worker()
  const [one, two] = [await arena.started(worker), await arena.started(worker)]
  const theirs = await arena.signal(two)
  const { transitions } = await arena.commit(worker, {
    transitions: [transition(one.runId, { consumed: [theirs] }), transition(two.runId, { close: completed })],
  })
  assert.deepEqual(transitions, ['ok', 'unread'])
  assert.equal((await arena.unread(worker, two)).length, 1)
})

test('a batch is one statement', async () => {
  const { arena } = stage
  const worker = await arena.worker()
  const start = await arena.started(worker)
  const sent: string[] = []
  const committer = new Committer({
    run: async <Row extends object>(statement: Statement, values: readonly Value[]) => {
      sent.push(statement.name)
      return (await stage.admin.query<Row>(statement.text, [...values])).rows
    },
  })
  const batch: CommitBatch = {
    incarnation: worker.incarnation, starts: [arena.start({ owned: true })],
    transitions: [transition(start.runId, { events: [event(1)], tasks: [arena.task(start, 1)], close: completed })],
  }
  assert.equal((await committer.commit(batch)).type, 'committed')
  assert.deepEqual(sent, ['commit_v1'])
})
