import assert from 'node:assert/strict'
import { test } from 'node:test'
import { condition, defineSignal, proxyActivities, setHandler, sleep } from '@perdure/workflow'
import { openQueryStage, told } from '../../test/query-stage.ts'
import { waitsQuery, type Waits } from './waits.ts'

const go = defineSignal('go')
const { wait } = proxyActivities<{ wait(): Promise<void> }>({ startToCloseTimeout: '1 hour', retry: { maximumAttempts: 3 } })

async function patient(): Promise<void> {
  let gone = false
  setHandler(go, () => { gone = true })
  await Promise.all([
    sleep('2 hours', { summary: 'until the bank opens' }), sleep('1 hour'), wait.executeWithOptions({ summary: 'the slow one' }, []),
    condition(() => gone),
  ])
}

for (const cache of [1_000, 0]) {
  test(`timers, activities and conditions that an execution waits for are told, cache of ${cache}`, async (t) => {
    const begun = Promise.withResolvers<void>()
    const stage = openQueryStage(t, {
      workflows: { patient },
      activities: { wait: () => { begun.resolve(); return new Promise<void>(() => undefined) } },
      settings: { maxCachedWorkflows: cache },
    })
    const { client } = await stage.addWorker()
    const { runId } = await client.start('patient', { workflowId: 'w' })
    await begun.promise
    const waits = told(await stage.answer(runId, waitsQuery)) as Waits
    assert.deepEqual(waits.timers.map(({ startedAt, fireAt }) => fireAt - startedAt), [3_600_000, 7_200_000])
    assert.deepEqual(waits.activities.map(({ activityType, maximumAttempts }) => [activityType, maximumAttempts]), [['wait', 3]])
    assert.equal(waits.conditions, 1)
    assert.deepEqual(waits.timers.map(({ summary }) => summary), [undefined, 'until the bank opens'])
    assert.deepEqual(waits.activities.map(({ summary }) => summary), ['the slow one'])
    const { pendingTimers, pendingActivities } = await client.describe('w')
    assert.deepEqual(pendingTimers?.map(({ summary }) => summary), [undefined, 'until the bank opens'])
    assert.deepEqual(pendingActivities.map(({ summary }) => summary), ['the slow one'])
    assert.equal(typeof waits.activities[0]?.startedAt, 'number')
  })
}
