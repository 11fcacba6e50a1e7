import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sleep } from '@perdure/workflow'
import { openStage } from '../../../test/worker-stage.ts'

test('of a full cache those leave that sleep for long, in the commit of their start', async (t) => {
  const stage = openStage(t, { workflows: { sleeper: (ms: unknown) => sleep(ms as number) }, settings: { maxCachedWorkflows: 2 } })
  const { client } = await stage.addWorker()
  const released = { withStart: 0, later: 0 }
  stage.onCommit = (batch, forward) => {
    const begun = new Set(batch.starts.map(({ runId }) => runId))
    for (const { runId, release } of batch.transitions) if (release !== null) released[begun.has(runId) ? 'withStart' : 'later']++
    return forward(batch)
  }
  for (let index = 0; index < 20; index++) await client.start('sleeper', { args: [60_000] })
  // One that was there before may be looked at in the turn of another's start, and leave in its stead.
  assert.equal(released.withStart + released.later, 18)
  assert.equal(released.withStart > released.later, true, `${released.later} left later than with their start`)
})
