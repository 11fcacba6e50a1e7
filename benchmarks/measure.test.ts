import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RunningEngine } from './engine-adapter.ts'
import { measure } from './measure.ts'
import type { Scenario } from './scenario.ts'

const scenario: Scenario = { name: 'S3', about: '', unit: 'ms', steps: 2, workflows: 3, inFlight: 2 }

/** Completes at once. */
function engine(): RunningEngine & { readonly ids: string[]; readonly openMost: number } {
  const ids: string[] = []
  let open = 0
  let openMost = 0
  return {
    ids,
    get openMost() {
      return openMost
    },
    execute: async (workflowId) => {
      openMost = Math.max(openMost, ++open)
      await Promise.resolve()
      ids.push(workflowId)
      open--
    },
    countCompleted: () => Promise.resolve({ workflows: ids.length, steps: ids.length * scenario.steps }),
    close: () => Promise.resolve(),
  }
}

test('every run executes all workflows under ids of their own, with no more in flight than the scenario says', async () => {
  const running = engine()
  const measured = await measure(running, scenario)
  assert.equal(measured.runs.length, 3)
  assert.equal(measured.workflows, 9)
  assert.equal(new Set(running.ids).size, running.ids.length)
  assert.equal(running.openMost, 2)
})

test('a run whose workflows are not all in the database afterwards is no result', async () => {
  const running = engine()
  const forgetful: RunningEngine = { ...running, countCompleted: () => Promise.resolve({ workflows: 0, steps: 0 }) }
  await assert.rejects(measure(forgetful, scenario), /holds 0 completed workflows and 0 steps .* where 3 and 6 are expected/)
})
