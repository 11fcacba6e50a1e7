import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Measurement } from '../measurement.ts'
import { metricOf } from '../metric.ts'
import { type Bar, bars, judge } from './bars.ts'
import type { Dated } from './runs.ts'

function measurement(change: Partial<Dated<Measurement>>): Dated<Measurement> {
  return {
    scenario: 'S1', metric: 'rate', engine: 'perdure', store: 'postgres', unit: '', better: 'more', median: 100,
    runs: [], workflows: 1, at: '2026-01-02T00:00:00Z', ...change,
  }
}

const dbos = { engine: 'dbos', store: 'postgres', name: 'DBOS' } as const
const ratio: Bar = { scenario: 'S1', metric: 'rate', store: 'postgres', of: dbos, atLeast: 14 }

test('a ratio is held or missed by the median over the other', () => {
  const verdict = (theirs: number) => judge(ratio, [measurement({}), measurement({ engine: 'dbos', median: theirs })]).verdict
  assert.equal(verdict(7), 'held')
  assert.equal(verdict(8), 'missed')
})

test('a ratio of figures of two runs is told as one', () => {
  const acrossRuns = (at: string) => judge(ratio, [measurement({}), measurement({ engine: 'dbos', median: 7, at })]).acrossRuns
  assert.equal(acrossRuns('2026-01-02T00:00:00Z'), false)
  assert.equal(acrossRuns('2026-01-03T00:00:00Z'), true)
})

test('without the other figure there is no verdict', () => {
  assert.equal(judge(ratio, [measurement({})]).verdict, 'not measured')
  assert.equal(judge(ratio, []).verdict, 'not measured')
})

test('what did not happen in time is missed', () => {
  const bar: Bar = { scenario: 'S7', metric: 'finish', store: 'sqlite', atMost: 3 }
  assert.equal(judge(bar, [measurement({ scenario: 'S7', metric: 'finish', store: 'sqlite', median: null })]).verdict, 'missed')
  assert.equal(judge(bar, [measurement({ scenario: 'S7', metric: 'finish', store: 'sqlite', median: 2.9 })]).verdict, 'held')
})

test('a takeover is judged by the last workflow of the dead worker: of the first one a message may have been on its way', () => {
  const takeovers = (first: number, last: number) => [['takeover', first], ['takeoverAll', last], ['unexpected', 0]] as const
  const own = bars.filter(({ scenario, store }) => scenario === 'S7' && store === 'sqlite')
  const verdicts = (first: number, last: number) => own.map((bar) => {
    const told = takeovers(first, last).map(([metric, median]) => measurement({ scenario: 'S7', metric, store: 'sqlite', median }))
    return judge(bar, told).verdict
  })
  assert.deepEqual(verdicts(0.05, 3.5), ['missed', 'held'])
  assert.deepEqual(verdicts(0.05, 2.5), ['held', 'held'])
})

test('every bar is on a figure that its scenario tells', () => {
  for (const { scenario, metric, of } of bars) {
    metricOf(scenario, metric)
    if (of?.figure !== undefined) metricOf(...of.figure)
  }
})
