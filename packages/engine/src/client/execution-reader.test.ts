import assert from 'node:assert/strict'
import { test } from 'node:test'
import { proxyActivities } from '@perdure/workflow'
import { openQueryStage } from '../../test/query-stage.ts'
import { namespace } from '../../test/worker-stage.ts'

const { wait } = proxyActivities<{ wait(): Promise<void> }>({ startToCloseTimeout: '1 hour' })

test('an attempt that gets a row, and whose execution is let go, while it is described, is told as running', async (t) => {
  const begun = Promise.withResolvers<void>()
  const stage = openQueryStage(t, {
    workflows: { waiting: () => wait() },
    activities: { wait: () => { begun.resolve(); return new Promise<void>(() => undefined) } },
    settings: { maxCachedWorkflows: 0 },
  })
  const { client } = await stage.addWorker()
  await client.start('waiting', { workflowId: 'w' })
  await begun.promise
  stage.onReadTasks = async (forward) => {
    const tasks = await forward()
    await stage.until(async () => (await stage.store.getExecution(namespace, 'w', null))?.owner === null)
    return tasks
  }
  const { pendingActivities } = await client.describe('w')
  assert.deepEqual(pendingActivities.map(({ activityType, attempt, state }) => [activityType, attempt, state]), [['wait', 1, 'STARTED']])
})
