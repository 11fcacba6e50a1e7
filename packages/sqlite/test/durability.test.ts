import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { StoreRejectedError } from '@perdure/engine'
import { ended, startProcess } from './child-process.ts'
import { appending, openStore, registered, startOf, temporaryFolder } from './temporary-folder.ts'

test('what was acknowledged before kill -9 is there afterwards', async context => {
  const file = join(temporaryFolder(context), 'x.db')
  const acknowledged: string[] = []
  const child = startProcess({ do: 'start', file, count: 100_000 }, told => {
    if (told.type === 'started') acknowledged.push(told.workflowId)
    if (acknowledged.length === 300) child.kill('SIGKILL')
  })
  assert.equal(await ended(child), 'SIGKILL')
  const store = await openStore(context, file)
  for (const workflowId of acknowledged) assert.ok(await store.getExecution('default', workflowId, null), workflowId)
  const stored = await store.countExecutions({ namespace: 'default' })
  assert.ok(stored >= acknowledged.length && acknowledged.length >= 300, `${stored} stored, ${acknowledged.length} acknowledged`)
})

test('row numbers of a batch that was rejected are not taken for those of later executions', async context => {
  const store = await openStore(context, join(temporaryFolder(context), 'x.db'))
  const worker = await registered(store)
  const [first, lost, next] = [startOf('first', true), startOf('lost', true), startOf('next', true)]
  await store.commit({ incarnation: worker.incarnation, starts: [first], transitions: [appending(first, 1)] })
  const rejected = store.commit({
    incarnation: worker.incarnation, starts: [lost], transitions: [appending(lost, 1), appending(first, 1)],
  })
  await assert.rejects(rejected, StoreRejectedError)
  await store.commit({ incarnation: worker.incarnation, starts: [next], transitions: [] })
  const outcome = await store.commit({ incarnation: worker.incarnation, starts: [], transitions: [appending(lost, 1), appending(next, 1)] })
  assert.deepEqual(outcome, { type: 'committed', starts: [], transitions: ['lost', 'ok'] })
  assert.deepEqual(await store.readHistory(lost.runId, 0, 10), [])
  assert.equal((await store.readHistory(next.runId, 0, 10)).length, 1)
})

test('a transition with a gap in its events is rejected', async context => {
  const store = await openStore(context, join(temporaryFolder(context), 'x.db'))
  const worker = await registered(store)
  const start = startOf('gap', true)
  const [first, third] = [appending(start, 1), appending(start, 3)]
  const transition = { ...first, events: [...first.events, ...third.events] }
  await assert.rejects(store.commit({ incarnation: worker.incarnation, starts: [start], transitions: [transition] }), StoreRejectedError)
  assert.equal(await store.getExecution('default', 'gap', null), undefined)
})
