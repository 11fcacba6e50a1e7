import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RunningEngine } from './engine-adapter.ts'
import type { Scenario } from './scenario.ts'
import { measureThroughput } from './throughput.ts'

const scenario: Scenario = { name: 'S3', about: '', steps: 2, workflows: 3, inFlight: 2, warmUpWorkflows: 5, runs: 3, seconds: 0 }

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
    execute: async ({ id }) => {
      openMost = Math.max(openMost, ++open)
      await Promise.resolve()
      ids.push(id)
      open--
    },
    countCompleted: () => Promise.resolve({ workflows: ids.length, steps: ids.length * scenario.steps }),
    close: () => Promise.resolve(),
  }
}

test('every run executes all workflows under ids of their own, with no more in flight than the scenario says', async () => {
  const running = engine()
  const measured = await measureThroughput(running, scenario)
  assert.equal(measured.readings.length, 3)
  assert.equal(measured.workflows, 9)
  assert.equal(running.ids.length, 14)
  assert.equal(new Set(running.ids).size, running.ids.length)
  assert.equal(running.openMost, 2)
})

test('a run whose workflows are not all in the database afterwards is no result', async () => {
  const running = engine()
  const doubled: RunningEngine = { ...running, countCompleted: () => Promise.resolve({ workflows: running.ids.length * 2 }) }
  await assert.rejects(measureThroughput(doubled, scenario), /holds 10 completed workflows and unknown steps .* where 5 and 10 are/)
  const threeEach = () => Promise.resolve({ workflows: running.ids.length, steps: running.ids.length * 3 })
  const manySteps: RunningEngine = { ...running, countCompleted: threeEach }
  await assert.rejects(measureThroughput(manySteps, scenario), /holds 5 completed workflows and 15 steps .* where 5 and 10 are expected/)
})

test('an engine that has no way of its own to a result is measured by the other one', async () => {
  const running = engine()
  const asked: string[] = []
  const withResults: RunningEngine = {
    ...running,
    executeForResult: async (workflow) => {
      asked.push(workflow.id)
      await running.execute(workflow)
    },
  }
  await measureThroughput(withResults, scenario)
  assert.equal(asked.length, 9)
})
