import assert from 'node:assert/strict'
import { test } from 'node:test'
import { condition, defineQuery, defineSignal, setHandler } from '@perdure/workflow'
import { openQueryStage, told } from '../../../test/query-stage.ts'
import { readMax } from '../../limits.ts'
import { StoreBusyError, StoreUnavailableError } from '../../ports/store-error.ts'
import { asIncarnation, asRunId } from '../../protocol/ids.ts'
import type { InboxMessage } from '../../protocol/inbox-message.ts'

const add = defineSignal('add')
const sum = defineQuery<number>('sum')

async function adding(): Promise<void> {
  let added = 0
  setHandler(add, () => { added++ })
  setHandler(sum, () => added)
  await condition(() => added > 100)
}

async function brief(): Promise<void> {
  setHandler(sum, () => 7)
}

const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

test('a query of an execution whose messages never stop moving reads what is new alone, and ends when nobody waits any more', async (t) => {
  const stage = openQueryStage(t, { workflows: { adding }, settings: { maxCachedWorkflows: 0 } })
  const { client } = await stage.addWorker()
  const { runId } = await client.start('adding', { workflowId: 'w' })
  for (let count = 0; count < 3; count++) await client.signal('w', add)
  await stage.until(async () => (await stage.store.readHistory(asRunId(runId), 0, 10)).length === 3)
  await stage.until(async () => !(await client.describe('w')).owned)
  const { store } = stage
  let moved = 0
  const readAfter: number[] = []
  const { readHistory } = store
  Object.assign(store, {
    // Each look finds another one: those seen before were read meanwhile.
    readMessages: async (): Promise<InboxMessage[]> => {
      await nextTurn()
      return [{ id: ++moved, runId: asRunId(runId), type: 'WorkflowExecutionSignaled', data: '{}' }]
    },
    readHistory: (run: typeof runId, after: number, limit: number) => {
      readAfter.push(after)
      return readHistory.call(store, asRunId(run), after, limit)
    },
  })
  await stage.ask(runId, 'sum', 5_000)
  await stage.until(() => readAfter.length > 3)
  assert.deepEqual([...new Set(readAfter)], [0, 3])
  stage.aheadMs = 6_000
  for (let before = -1; before !== moved;) {
    before = moved
    for (let turn = 0; turn < 20; turn++) await nextTurn()
  }
})

test('a query sees all messages that were acknowledged before it, however many nobody has read yet', async (t) => {
  const stage = openQueryStage(t, { workflows: { adding }, settings: { maxCachedWorkflows: 0 } })
  const { client } = await stage.addWorker()
  const { runId } = await client.start('adding', { workflowId: 'w' })
  await stage.until(async () => !(await client.describe('w')).owned)
  stage.onClaim = async () => []
  await Promise.all(Array.from({ length: readMax + 20 }, () => client.signal('w', add)))
  assert.equal(told(await stage.answer(runId, 'sum')), readMax + 20)
})

test('a worker that lost an execution without having heard of it answers from the history', async (t) => {
  const stage = openQueryStage(t, { workflows: { adding } })
  stage.onTick = () => new Promise(() => undefined)
  const lost = await stage.addWorker()
  const { runId } = await lost.client.start('adding', { workflowId: 'w' })
  stage.onTick = (forward) => forward()
  const { worker } = lost
  const incarnation = worker.status().incarnation
  assert.ok(incarnation !== null)
  await stage.store.retireWorker(asIncarnation(incarnation)) // as a takeover would
  const other = await stage.addWorker()
  await other.client.signal('w', add)
  await stage.until(async () => (await stage.store.readHistory(asRunId(runId), 0, 10)).length === 1)
  assert.equal(worker.status().incarnation, incarnation, 'it does not know yet')
  assert.equal(await lost.client.query('w', sum), 1)
})

test('a database that is away while a history is read delays the answer, and is no answer', async (t) => {
  const stage = openQueryStage(t, { workflows: { brief } })
  const { client } = await stage.addWorker()
  const handle = await client.start('brief', { workflowId: 'w' })
  await handle.result()
  const { readHistory } = stage.store
  const failures = [new StoreUnavailableError('away'), new StoreBusyError('busy')]
  stage.store.readHistory = async (...request) => {
    const failure = failures.shift()
    if (failure !== undefined) throw failure
    return readHistory.call(stage.store, ...request)
  }
  assert.equal(told(await stage.answer(handle.runId ?? '', 'sum')), 7)
  assert.deepEqual(failures, [])
})
