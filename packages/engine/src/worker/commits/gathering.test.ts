/** Where a commit keeps the worker's thread, what one execution takes in turn by turn gathers in few commits. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { proxyActivities } from '@perdure/workflow'
import { openStage } from '../../../test/worker-stage.ts'
import { gatheredMax } from '../../limits.ts'

const { act } = proxyActivities<{ act(value: number): Promise<number> }>({ startToCloseTimeout: '1 minute' })
const count = 200

for (const commitsAside of [false, true]) {
  test(`results of activities that end together, where the store commits ${commitsAside ? 'aside' : 'in this thread'}`, async (t) => {
    const stage = openStage(t, {
      workflows: { fan: () => Promise.all(Array.from({ length: count }, (_, value) => act(value))) },
      activities: { act: async (value: number) => value },
    })
    Object.assign(stage.store, { commitsAside })
    const { client } = await stage.addWorker()
    assert.equal((await client.execute('fan', { workflowId: 'w' }) as number[]).length, count)
    const events = stage.commits.flatMap(({ batch }) => batch.transitions.map((one) => one.events.length)).filter((size) => size > 0)
    assert.equal(events.reduce((sum, size) => sum + size), count)
    if (commitsAside) return assert.equal(events[0], 1, 'the first goes at once')
    assert.ok(events.length <= 2 * Math.ceil(count / gatheredMax), `${events.length} commits`)
    assert.ok(Math.max(...events) <= gatheredMax + 1, `${Math.max(...events)} events in one commit`)
  })
}
