/** Attempts whose row was taken from them by a takeover that their worker has not heard of. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Context, heartbeat } from '@perdure/workflow/activity'
import { proxyActivities } from '@perdure/workflow'
import { openQueryStage } from '../../../test/query-stage.ts'
import { asIncarnation, asRunId } from '../../protocol/ids.ts'

const { beating } = proxyActivities<{ beating(): Promise<void> }>({
  startToCloseTimeout: '1 minute', heartbeatTimeout: '1 second', retry: { maximumAttempts: 1 },
})

test('one that its heartbeat tells so, and that stops, was lost: nobody cancelled it', async (t) => {
  const stage = openQueryStage(t, {
    workflows: { beats: async () => beating() },
    activities: {
      beating: async () => {
        const timer = setInterval(heartbeat, 5)
        await Context.current().cancelled.finally(() => clearInterval(timer))
      },
    },
  })
  // Its worker hears of nothing but by its heartbeats.
  stage.onTick = () => new Promise(() => undefined)
  const { client, worker } = await stage.addWorker()
  const { runId } = await client.start('beats', { workflowId: 'w' })
  const rows = () => stage.store.readTasks(asRunId(runId))
  await stage.until(async () => (await rows()).length === 1)
  await stage.store.retireWorker(asIncarnation(worker.status().incarnation ?? 0)) // as a takeover would
  await stage.until(async () => (await rows()).length === 0)
  const messages = await stage.store.readMessages(asRunId(runId), 10)
  assert.deepEqual(messages.map(({ type }) => type), ['ActivityTaskTimedOut'])
})
