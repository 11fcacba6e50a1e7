import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Machine } from '../machine.ts'
import type { Measurement } from '../measurement.ts'
import { performancePage } from './page.ts'
import { type BenchmarkJson, latestResults, runOf, type SizesJson } from './runs.ts'

const early = '2026-01-02T10:00:00Z'
const late = '2026-01-02T12:30:00Z'

const machine: Machine = {
  cpu: 'cpu', cores: 2, memoryGiB: 4, system: 'linux', node: 'v24', sqlite: '3', versions: {}, postgres: null, temporaryInMemory: false,
  at: early,
}

function rate(engine: Measurement['engine'], scenario: Measurement['scenario'], median: number): Measurement {
  return { scenario, metric: 'rate', engine, store: 'postgres', unit: 'x/s', better: 'more', median, runs: [median], workflows: 1 }
}

function run(at: string, results: readonly Measurement[]): BenchmarkJson {
  return { machine: { ...machine, at }, quick: false, share: 1, results, skipped: [], failures: [] }
}

function sizesRun(at: string, postgres: number): SizesJson {
  const figures = { drain: { unit: 'workflows/s', median: postgres, runs: [postgres] } }
  return { machine: { ...machine, at }, share: 1, failures: [], results: [{ series: 'workers', x: 1, store: 'postgres', figures }] }
}

const first = run(early, [rate('perdure', 'S1', 100), rate('dbos', 'S1', 10), rate('restate', 'S1', 20), rate('perdure', 'S2', 50)])
const second = run(late, [rate('perdure', 'S1', 200), { ...rate('perdure', 'S1', 0), store: 'sqlite' }])

test('of what two runs have measured the later one counts, in whatever order they are given', () => {
  for (const benchmarks of [[first, second], [second, first]]) {
    const { measured } = latestResults({ benchmarks, sizes: [] })
    const told = measured.map(({ scenario, engine, store, median, at }) => [scenario, engine, store, median, at])
    assert.deepEqual(told, [
      ['S1', 'perdure', 'postgres', 200, late], ['S1', 'dbos', 'postgres', 10, early], ['S1', 'restate', 'postgres', 20, early],
      ['S2', 'perdure', 'postgres', 50, early], ['S1', 'perdure', 'sqlite', 0, late],
    ])
  }
  const { sizes } = latestResults({ benchmarks: [], sizes: [sizesRun(late, 2), sizesRun(early, 1)] })
  assert.deepEqual(sizes.map(({ figures, at }) => [figures['drain']?.median, at]), [[2, late]])
})

test('each section says of which run it is, and which engines are of another', () => {
  const { text } = performancePage({ benchmarks: [first, second], sizes: [sizesRun(late, 1)] }, '', 'charts')
  assert.match(text, /from 2 runs of `npm run bench` and one run of `npm run bench:sizes`: each section says of which run it is/)
  const bySection = new Map(text.split('### ').map((section) => [section.slice(0, 2), section]))
  const other = 'run of 2026-01-02 12:30: perdure on postgres, perdure on sqlite; run of 2026-01-02 10:00: all others'
  const [, told] = /Median \(runs\), (.*?)\. rate/.exec(bySection.get('S1') ?? '') ?? []
  assert.equal(told, other)
  assert.match(bySection.get('S2') ?? '', /Median \(runs\), run of 2026-01-02 10:00\. rate/)
  assert.match(bySection.get('A ') ?? '', /Run of 2026-01-02 12:30\./)
  assert.match(text, /\| S1 \| rate \| postgres \| at least 14 x DBOS, aim 20 \| 20 x, of two runs \| held \|/)
})

test('runs on unlike machines or versions are told to be', () => {
  const unlike = { ...second, machine: { ...second.machine, node: 'v26' } }
  const pageOf = (benchmarks: readonly BenchmarkJson[]) => performancePage({ benchmarks, sizes: [sizesRun(late, 1)] }, '', 'charts').text
  assert.match(pageOf([first, unlike]), /- The runs differ in Node\.js: v24; v26\./)
  assert.doesNotMatch(pageOf([first, second]), /The runs differ/)
})

test('a run is named by its minute', () => {
  assert.equal(runOf([{ at: early }], () => 'x'), 'run of 2026-01-02 10:00')
})
