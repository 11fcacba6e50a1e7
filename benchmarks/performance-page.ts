/** `node benchmarks/performance-page.ts results.json sizes.json`: writes docs/performance.md and its charts. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { performancePage } from './page/page.ts'
import type { BenchmarkJson, Runs, SizesJson } from './page/runs.ts'

const docs = join(import.meta.dirname, '../docs')
const chartFolder = 'performance'

const paths = process.argv.slice(2)
const absent = paths.find((path) => !existsSync(path))
const runs = runsOf(absent === undefined ? paths : [])
if (runs.benchmarks.length === 0 || runs.sizes.length === 0) {
  if (absent !== undefined) console.error(`There is no file '${absent}'`)
  console.error('usage: node benchmarks/performance-page.ts results.json sizes.json [more.json ...]')
  console.error('They are written by npm run bench -- --json results.json and npm run bench:sizes -- --json sizes.json')
  console.error('Where several have measured the same, the latest counts; the page says of which run each section is')
  process.exitCode = 1
} else {
  write(runs)
}

function runsOf(paths: readonly string[]): Runs {
  const given = paths.map((path) => JSON.parse(readFileSync(path, 'utf8')) as BenchmarkJson | SizesJson)
  const isBenchmark = (run: BenchmarkJson | SizesJson): run is BenchmarkJson => 'quick' in run
  return { benchmarks: given.filter(isBenchmark), sizes: given.filter((run): run is SizesJson => !isBenchmark(run)) }
}

function write(given: Runs): void {
  const path = join(docs, 'performance.md')
  const { text, charts } = performancePage(given, existsSync(path) ? readFileSync(path, 'utf8') : '', chartFolder)
  mkdirSync(join(docs, chartFolder), { recursive: true })
  for (const [name, svg] of charts) writeFileSync(join(docs, chartFolder, name), svg)
  writeFileSync(path, text)
  console.log(`docs/performance.md and ${charts.size} charts are written`)
}
