import assert from 'node:assert/strict'
import { test } from 'node:test'
import { measurementsOf } from './measurement.ts'
import { medianOrNever } from './statistics.ts'

const assignment = {
  engine: 'perdure', scenario: 'S7', target: { store: 'sqlite', database: 'x.db' }, amounts: { quick: false, share: 1 },
} as const

test('every figure that was told has the runs of all processes and their median', () => {
  const found = measurementsOf(assignment, [
    { readings: [{ takeover: 1.23456, twice: 3 }], workflows: 5 }, { readings: [{ takeover: 2, twice: 1 }], workflows: 6 },
    { readings: [{ takeover: 1.5, twice: 0 }], workflows: 7 },
  ])
  assert.deepEqual(found.map(({ metric, median, runs, workflows }) => ({ metric, median, runs, workflows })), [
    { metric: 'takeover', median: 1.5, runs: [1.235, 2, 1.5], workflows: 18 },
    { metric: 'twice', median: 1, runs: [3, 1, 0], workflows: 18 },
  ])
})

test('what did not happen in time counts as later than all that did', () => {
  assert.equal(medianOrNever([null, 1, 2]), 2)
  assert.equal(medianOrNever([null, null, 2]), null)
})
