import { activityInfo } from 'perdure/activity'
import { simulate, TestEnvironment } from 'perdure/testing'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import * as activities from './activities.ts'
import * as workflows from './workflows.ts'

let env: TestEnvironment<typeof activities>
beforeEach(async () => {
  env = await TestEnvironment.create({ workflows, activities, startTime: new Date('2026-01-01') })
  env.activities.mock({ sendMail: async () => undefined, charge: async () => 'receipt-1' })
})
afterEach(() => env.teardown())

test('who stays is charged after thirty days', async () => {
  expect(await env.workflows.execute(workflows.subscription, { workflowId: 'ada', args: ['ada@example.com'] })).toBe('receipt-1')
  expect(new Date(env.currentTimeMs()).toISOString()).toBe('2026-01-31T00:00:00.000Z')
  expect(env.activities.calls('sendMail').map(({ args }) => args[1])).toEqual(['Welcome', 'Your receipt is receipt-1'])
})

test('who unsubscribes within thirty days is not charged', async () => {
  const handle = await env.workflows.start(workflows.subscription, { workflowId: 'grace', args: ['grace@example.com'] })
  await env.sleep('29 days')
  await handle.signal(workflows.unsubscribe)
  expect(await handle.result()).toBe('not wanted')
  expect(env.activities.calls('charge')).toEqual([])
})

test('a charge that is declined is tried again', async () => {
  env.activities.mock({
    charge: async () => {
      if (activityInfo().attempt < 4) throw new Error('declined')
      return 'receipt-2'
    },
  })
  expect(await env.workflows.execute(workflows.subscription, { workflowId: 'edsger', args: ['edsger@example.com'] })).toBe('receipt-2')
  expect(env.activities.calls('charge').length).toBe(4)
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
