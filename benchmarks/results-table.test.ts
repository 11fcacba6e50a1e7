import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Measurement } from './measurement.ts'
import { ratioTo, resultsTable } from './results-table.ts'

function measurement(change: Partial<Measurement>): Measurement {
  return {
    scenario: 'S1', metric: 'rate', engine: 'perdure', store: 'postgres', unit: 'steps/s', better: 'more', median: 100,
    runs: [90, 110], workflows: 2, ...change,
  }
}

test('a ratio is this median over the other', () => {
  assert.equal(ratioTo(measurement({ median: 300 }), measurement({ median: 100 })), '3.00 x')
  assert.equal(ratioTo(measurement({ median: 3_600 }), measurement({ median: 100 })), '36.0 x')
  assert.equal(ratioTo(measurement({ median: 0.5 }), measurement({ median: 2 })), '0.25 x')
})

test('nothing is compared with itself, with what was not measured, with zero, or with what never happened', () => {
  const alone = measurement({})
  assert.equal(ratioTo(alone, alone), '')
  assert.equal(ratioTo(alone, undefined), '')
  assert.equal(ratioTo(alone, measurement({ median: 0 })), '')
  assert.equal(ratioTo(alone, measurement({ median: null })), '')
})

test('each result stands beside dbos of the same figure and the floor of the same store', () => {
  const table = resultsTable([
    measurement({ engine: 'floor', median: 1_000 }), measurement({ engine: 'floor', store: 'sqlite', median: 4_000 }),
    measurement({ engine: 'dbos', median: 10 }), measurement({ engine: 'dbos', scenario: 'S2', median: 20 }),
    measurement({ engine: 'dbos', metric: 'other', median: 30 }),
    measurement({ store: 'sqlite', median: 2_000 }),
  ])
  const row = table.split('\n').find((line) => line.includes('perdure')) ?? ''
  assert.match(row, /2,000 steps\/s.*200\.0 x.*0\.50 x/)
})

test('only rivals that were measured have a column', () => {
  const table = resultsTable([measurement({ engine: 'dbos', median: 10 }), measurement({})])
  assert.match(table, /of dbos/)
  assert.doesNotMatch(table, /of restate|of floor/)
})

test('what never happened is told as none', () => {
  const never = measurement({ scenario: 'S7', metric: 'takeover', unit: 's', median: null, runs: [null, 3] })
  assert.match(resultsTable([never]), /none s .* none  3/)
})
