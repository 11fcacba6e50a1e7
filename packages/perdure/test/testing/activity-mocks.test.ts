import { TestEnvironment } from 'perdure/testing'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as workflows from './workflows.ts'

test('calls of an activity that is neither given nor mocked are not listed as none', async () => {
  await using env = await TestEnvironment.create({ workflows })
  env.activities.mock({ charge: async () => 'mocked' })
  await env.workflows.execute(workflows.order, { workflowId: 'order', args: [1] })
  assert.equal(env.activities.calls('charge').length, 1)
  assert.throws(() => env.activities.calls('chrage'), {
    code: 'ACTIVITY_MOCK_UNKNOWN', message: "There is no activity 'chrage' whose calls could be listed; did you mean 'charge'?",
  })
})
