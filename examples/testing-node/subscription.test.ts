import { activityInfo } from 'perdure/activity'
import { simulate, TestEnvironment } from 'perdure/testing'
import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import * as activities from './activities.ts'
import * as workflows from './workflows.ts'

let env: TestEnvironment<typeof activities>
beforeEach(async () => {
  env = await TestEnvironment.create({ workflows, activities, startTime: new Date('2026-01-01') })
  env.activities.mock({ sendMail: async () => undefined, charge: async () => 'receipt-1' })
})
afterEach(() => env.teardown())

test('who stays is charged after thirty days', async () => {
  assert.equal(await env.workflows.execute(workflows.subscription, { workflowId: 'ada', args: ['ada@example.com'] }), 'receipt-1')
  assert.equal(new Date(env.currentTimeMs()).toISOString(), '2026-01-31T00:00:00.000Z')
  assert.deepEqual(env.activities.calls('sendMail').map(({ args }) => args[1]), ['Welcome', 'Your receipt is receipt-1'])
})

test('who unsubscribes within thirty days is not charged', async () => {
  const handle = await env.workflows.start(workflows.subscription, { workflowId: 'grace', args: ['grace@example.com'] })
  await env.sleep('29 days')
  await handle.signal(workflows.unsubscribe)
  assert.equal(await handle.result(), 'not wanted')
  assert.deepEqual(env.activities.calls('charge'), [])
})

test('a charge that is declined is tried again', async () => {
  env.activities.mock({
    charge: async () => {
      if (activityInfo().attempt < 4) throw new Error('declined')
      return 'receipt-2'
    },
  })
  assert.equal(await env.workflows.execute(workflows.subscription, { workflowId: 'edsger', args: ['edsger@example.com'] }), 'receipt-2')
  assert.equal(env.activities.calls('charge').length, 4)
})

test('whatever crashes, and however often things are tried, a customer is charged once', async () => {
  await simulate(workflows.subscription, {
    args: ['ada@example.com'],
    seeds: 20,
    world: () => ({ charges: new Map<string, number>() }),
    activities: ({ charges }) => ({
      charge: async (key: string, amount: number) => {
        charges.set(key, amount)
        return 'receipt-1'
      },
      sendMail: async () => undefined,
    }),
    invariants: {
      'the customer is charged once': ({ world }) => world.charges.size === 1,
      'the receipt is the result': ({ outcome }) => outcome.result === 'receipt-1',
    },
  })
})
