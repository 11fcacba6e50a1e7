import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Machine } from '../machine.ts'
import type { Measurement } from '../measurement.ts'
import { performancePage } from './page.ts'
import type { BenchmarkJson, SizesJson } from './runs.ts'

const machine: Machine = {
  cpu: 'cpu', cores: 2, memoryGiB: 4, system: 'linux', node: 'v24', sqlite: '3', versions: {}, postgres: null, temporaryInMemory: false,
  durableWriteMs: 0.25, at: '2026-01-02T00:00:00Z',
}
const rate: Measurement = {
  scenario: 'S1', metric: 'rate', engine: 'perdure', store: 'postgres', unit: 'steps/s', better: 'more', median: 2, runs: [1, 2, 3],
  workflows: 9,
}

function pageOf(benchmark: Partial<BenchmarkJson> = {}, sizes: Partial<SizesJson> = {}): string {
  const given: BenchmarkJson = { machine, quick: false, share: 1, results: [rate], skipped: [], failures: [], ...benchmark }
  return performancePage({ benchmarks: [given], sizes: [{ machine, share: 1, results: [], failures: [], ...sizes }] }, '', 'charts').text
}

test('the page says what keeps its numbers from meaning what they seem to mean', () => {
  const page = pageOf()
  assert.doesNotMatch(page, /nothing was made durable|amounts were reduced|Failed/)
  assert.match(pageOf({ machine: { ...machine, temporaryInMemory: true } }), /lay in memory: nothing was made durable/)
  assert.match(pageOf({}, { machine: { ...machine, temporaryInMemory: true } }), /lay in memory: nothing was made durable/)
  assert.match(pageOf({ quick: true }), /amounts were reduced/)
  assert.match(pageOf({}, { share: 0.5 }), /amounts were reduced/)
  assert.match(pageOf({ failures: ['S1 dbos failed: why'] }), /Failed in the run of 2026-01-02 00:00: S1 dbos failed: why/)
})

test('the page names the engines and the sizes that were not measured, and why engines were skipped', () => {
  const page = pageOf({ skipped: [{ engine: 'temporal', reason: 'there is no server', remedy: 'build it' }] })
  const [absent = ''] = /Not part of these runs: .*/.exec(page) ?? []
  assert.match(absent, /dbos/)
  assert.doesNotMatch(absent, /perdure|temporal(?!-)/)
  assert.match(page, /Skipped: temporal, since there is no server\. Remedy: build it\./)
  assert.match(page, /\*\*Not measured\*\*: workflows of 10 steps, by how many are in flight;/)
  assert.match(page, /\| S1 \| rate \| postgres \| at least 14 x DBOS, aim 20 \| {2}\| \*\*not measured\*\* \|/)
  assert.match(page, /8 KiB written and made durable in 0\.25 ms/)
})

test('a figure without a bar is told beside those that have one', () => {
  const local: Measurement = { ...rate, engine: 'temporal-local', median: 0.5 }
  assert.match(pageOf({ results: [rate, local] }), /\| S1 \| rate \| postgres \| x Temporal with local activities \| 4 x \| no bar \|/)
})

test('memory that grows over a million workflows is judged among the bars', () => {
  const course = (y: (index: number) => number) => Array.from({ length: 100 }, (_, index) => ({ x: index * 10_000, y: y(index) }))
  const memory = { series: 'memory', x: 1_000_000, figures: {} } as const
  const page = pageOf({}, { results: [
    { ...memory, store: 'postgres', course: course((index) => 300 + index) }, { ...memory, store: 'sqlite', course: course(() => 300) },
  ] })
  assert.match(page, /\| memory \| growth \| postgres \| at most 1\.05 x, last tenth over third \| 1\.22 x \| \*\*missed\*\* \|/)
  assert.match(page, /\| memory \| growth \| sqlite \| at most 1\.05 x, last tenth over third \| 1 x \| held \|/)
  assert.match(pageOf(), /\| memory \| growth \| sqlite \| .* \| {2}\| \*\*not measured\*\* \|/)
})

test('all runs are shown beside their median', () => {
  assert.match(pageOf(), /\| perdure, postgres \| 2 \(1, 2, 3\) \|/)
})
