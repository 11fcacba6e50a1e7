/** What a patch is for an execution whose worker died, or left, before anything of it was recorded. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { condition, defineSignal, patched, setHandler } from '@perdure/workflow'
import { openStage } from '../../../test/worker-stage.ts'

const go = defineSignal('go')

async function changed(): Promise<string> {
  let isTold = false
  setHandler(go, () => { isTold = true })
  const way = patched('the-change') ? 'new' : 'old'
  await condition(() => isTold)
  return way
}

async function unchanged(): Promise<string> {
  let isTold = false
  setHandler(go, () => { isTold = true })
  await condition(() => isTold)
  return 'old'
}

test('is true when the worker died before the first commit: nothing of what it ran was durable', async (t) => {
  const stage = openStage(t, { workflows: { changed } })
  const dying = await stage.addWorker()
  const reached = Promise.withResolvers<void>()
  stage.onCommit = async (batch, forward) => {
    if (!batch.transitions.some(({ events }) => events.some(({ type }) => type === 'PatchMarked'))) return await forward(batch)
    reached.resolve()
    return await new Promise(() => undefined)
  }
  // Claimed, not started here: a start in this process is one commit with what its first activation asked for.
  const handle = await dying.client.start('changed', { workflowId: 'w', startDelay: 1 })
  await reached.promise
  await dying.crash()
  stage.onCommit = (batch, forward) => forward(batch)
  const { client } = await stage.addWorker()
  stage.aheadMs = 3_000
  const again = client.getHandle('w', handle.runId)
  await again.signal(go)
  assert.equal(await again.result({ timeout: '20 seconds' }), 'new')
  assert.equal((await stage.store.readHistory(handle.runId as never, 0, 10)).filter(({ type }) => type === 'PatchMarked').length, 1)
})

test('is false when old code came to rest before it, though it had nothing to record', async (t) => {
  const workflows = { changed: unchanged }
  const stage = openStage(t, { workflows })
  const leaving = await stage.addWorker()
  const handle = await leaving.client.start('changed', { workflowId: 'w' })
  await leaving.worker.stop()
  assert.deepEqual(await stage.store.readHistory(handle.runId as never, 0, 10), [])
  workflows.changed = changed
  const { client } = await stage.addWorker()
  const again = client.getHandle('w', handle.runId)
  await again.signal(go)
  assert.equal(await again.result({ timeout: '20 seconds' }), 'old')
})
