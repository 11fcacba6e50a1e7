import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sleep } from '@perdure/workflow'
import { openStage } from '../../test/worker-stage.ts'

test('of a full cache those leave that sleep for long, in the commit of their start', async (t) => {
  const stage = openStage(t, { workflows: { sleeper: (ms: unknown) => sleep(ms as number) }, settings: { maxCachedWorkflows: 2 } })
  const { client } = await stage.addWorker()
  const released: string[] = []
  stage.onCommit = (batch, forward) => {
    const begun = new Map(batch.starts.map(({ runId, workflowId }) => [runId, workflowId]))
    for (const { runId, release } of batch.transitions) if (release !== null) released.push(begun.get(runId) ?? 'one of an earlier commit')
    return forward(batch)
  }
  for (const id of ['a', 'b', 'c', 'd']) await client.start('sleeper', { workflowId: id, args: [60_000] })
  assert.deepEqual(released, ['c', 'd'])
})
