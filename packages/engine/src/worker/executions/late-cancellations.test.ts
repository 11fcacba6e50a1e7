import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CancellationScope, proxyActivities } from '@perdure/workflow'
import { heartbeat } from '@perdure/workflow/activity'
import { openStage } from '../../../test/worker-stage.ts'

interface Activities {
  first(): Promise<void>
  flaky(): Promise<void>
  go(): Promise<void>
}
const { first, flaky, go } = proxyActivities<Activities>({ startToCloseTimeout: '1 minute', retry: { initialInterval: '1 hour' } })

test('an activity is cancelled in the commit that writes the row of its attempt, which has ended meanwhile', async (t) => {
  const gates = { first: Promise.withResolvers<void>(), flaky: Promise.withResolvers<void>(), go: Promise.withResolvers<void>() }
  const inFlight = Promise.withResolvers<void>()
  const isCancelled = Promise.withResolvers<void>()
  const stage = openStage(t, {
    workflows: {
      leaving: async () => {
        const scope = new CancellationScope()
        const tried = scope.run(() => flaky()).catch((error: Error) => error.name)
        await Promise.all([first(), go()])
        scope.cancel()
        isCancelled.resolve()
        return tried
      },
    },
    activities: {
      first: () => gates.first.promise,
      flaky: async () => {
        await gates.flaky.promise
        heartbeat()
        throw new Error('not now')
      },
      go: () => gates.go.promise,
    },
  })
  const { client } = await stage.addWorker()
  const handle = await client.start('leaving', { workflowId: 'w' })
  stage.onCommit = async (batch, forward) => {
    if (batch.transitions.some(({ events }) => events.length === 1)) {
      inFlight.resolve()
      await isCancelled.promise
    }
    return forward(batch)
  }
  // The end of the first is under way: the row of the second and its cancellation gather in the next commit.
  gates.first.resolve()
  await inFlight.promise
  gates.flaky.resolve()
  await new Promise(setImmediate)
  gates.go.resolve()
  assert.equal(await handle.result(), 'ActivityFailure')
  const tasks = stage.commits.flatMap(({ batch }) => batch.transitions).filter(({ tasks: rows }) => rows.length > 0)
  assert.deepEqual(tasks.map(({ cancelTasks }) => cancelTasks), [[1]], 'the row and its cancellation are of one commit')
  assert.deepEqual(stage.logged.filter((line) => line.includes('starts over')), [])
})
