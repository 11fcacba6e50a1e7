/** `node benchmarks/performance-page.ts results.json sizes.json`: writes docs/performance.md and its charts. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BenchmarkJson, performancePage, type SizesJson } from './page/page.ts'

const docs = join(import.meta.dirname, '../docs')
const chartFolder = 'performance'

const [results, sizes] = process.argv.slice(2)
if (results === undefined || sizes === undefined) {
  console.error('usage: node benchmarks/performance-page.ts results.json sizes.json')
  console.error('They are written by npm run bench -- --json results.json and npm run bench:sizes -- --json sizes.json')
  process.exitCode = 1
} else {
  write(JSON.parse(readFileSync(results, 'utf8')) as BenchmarkJson, JSON.parse(readFileSync(sizes, 'utf8')) as SizesJson)
}

function write(benchmark: BenchmarkJson, sizesFound: SizesJson): void {
  const path = join(docs, 'performance.md')
  const { text, charts } = performancePage(benchmark, sizesFound, existsSync(path) ? readFileSync(path, 'utf8') : '', chartFolder)
  mkdirSync(join(docs, chartFolder), { recursive: true })
  for (const [name, svg] of charts) writeFileSync(join(docs, chartFolder, name), svg)
  writeFileSync(path, text)
  console.log(`docs/performance.md and ${charts.size} charts are written`)
}
