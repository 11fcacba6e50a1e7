/** Many small workflows: their order of doing things is that of Temporal's SDK, which replays what they did here. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { runReplayHistories } from 'perdure/testing'
import { leaveRejectionsInWorkflows } from '../../packages/engine/test/unhandled-context.ts'
import { officialReplay } from './official-replay.ts'
import * as workflows from './program-workflow.ts'
import { type RandomRun, randomRun } from './random-run.ts'

/** Some of their activities are local. In 46 a signal and a cancel request come together: one calls an activity, the other cancels it. */
const withLocals = [40, 41, 42, 43, 44, 45, 46, 47, 48, 49]
const workflowsPath = fileURLToPath(new URL('./program-workflow.ts', import.meta.url))

test('histories of random programs replay under the SDK of Temporal, and under ours', async () => {
  leaveRejectionsInWorkflows()
  const runs: RandomRun[] = []
  for (const number of [...Array.from({ length: 30 }, (_, index) => index), ...withLocals]) {
    const run = await randomRun(number, withLocals.includes(number))
    if (run !== undefined) runs.push(run)
  }
  const met = new Set(runs.flatMap(({ facts }) => [...facts]))
  const wanted = [
    'completed', 'failed', 'cancelled', 'open', 'ActivityTaskCanceled', 'ActivityTaskTimedOut', 'TimerFired', 'CancelTimer',
    'WorkflowTaskStarted', 'WorkflowExecutionCancelRequested', 'refused close',
  ]
  for (const fact of wanted) {
    assert.ok(met.has(fact), `the programs never met ${fact}: ${[...met].join(', ')}`)
  }
  const official = await officialReplay(workflowsPath, runs)
  assert.equal(official.length, runs.length)
  assert.deepEqual(official.filter(({ error }) => error !== undefined), [])
  const replays = runReplayHistories({ workflows }, runs)
  for await (const { workflowId, error } of replays) assert.equal(error, undefined, workflowId)
})
