import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contestantsOf, notApplicable } from './contestants.ts'
import { engineNames, storeNames } from './engine-adapter.ts'
import { scenarioNames } from './scenario.ts'

test('every engine has a store', () => {
  const found = new Set(contestantsOf(engineNames, storeNames).map(({ engine }) => engine))
  assert.deepEqual([...found], [...engineNames])
})

test('Temporal with local activities takes part where steps are run in the process that started the workflows', () => {
  const own = scenarioNames.filter((name) => notApplicable('temporal-local', name) === undefined)
  assert.deepEqual(own, ['S1', 'S2', 'S3', 'S4'])
  assert.ok(scenarioNames.every((name) => notApplicable('temporal', name) === undefined))
})
