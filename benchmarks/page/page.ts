/** The page on performance: made from the JSON of the benchmark and of the sizes, with the notes that people wrote into it. */
import type { Skipped } from '../availability.ts'
import { engineNames } from '../engine-adapter.ts'
import type { Machine } from '../machine.ts'
import type { Measurement } from '../measurement.ts'
import type { SizeResult } from '../sizes/size-result.ts'
import { markdownTable } from './markdown-table.ts'
import { notesOf, notesPlace } from './notes.ts'
import { barsSection, resultsSection } from './results-section.ts'
import { sizesSection } from './sizes-section.ts'

export interface BenchmarkJson {
  readonly machine: Machine
  readonly quick: boolean
  readonly share: number
  readonly results: readonly Measurement[]
  readonly skipped: readonly Skipped[]
  readonly failures: readonly string[]
}

export interface SizesJson {
  readonly machine: Machine
  readonly share: number
  readonly results: readonly SizeResult[]
  readonly failures: readonly string[]
}

export interface Page {
  readonly text: string
  /** By file name. */
  readonly charts: ReadonlyMap<string, string>
}

/** `before`: the page as it is, for its notes. `chartFolder`: as the page names it. */
export function performancePage(benchmark: BenchmarkJson, sizes: SizesJson, before: string, chartFolder: string): Page {
  const notes = notesOf(before)
  const { text, charts } = sizesSection(sizes.results, notes, chartFolder)
  const parts = [
    '# Performance',
    'Made by `node benchmarks/performance-page.ts` from one run of `npm run bench` and one of `npm run bench:sizes`; only the notes are '
      + 'written by hand. What is measured, how, and what is not: [benchmarks/README.md](../benchmarks/README.md).',
    notesPlace(notes, 'summary'),
    machineSection(benchmark.machine),
    warnings(benchmark, sizes),
    barsSection(benchmark.results),
    notesPlace(notes, 'bars'),
    resultsSection(benchmark.results, notes),
    text,
    `## Where the time goes\n\n${notesPlace(notes, 'profile')}`,
  ]
  return { text: `${parts.filter((part) => part !== '').map((part) => part.trimEnd()).join('\n\n')}\n`, charts }
}

function machineSection({ cpu, cores, memoryGiB, system, node, sqlite, postgres, versions, durableWriteMs, at }: Machine): string {
  const rows = [
    ['machine', `${cpu}, ${cores} cores, ${memoryGiB} GiB, ${system}`], ['date', at.slice(0, 10)],
    ...(durableWriteMs === undefined ? [] : [['disk', `8 KiB written and made durable in ${durableWriteMs} ms`]]),
    ['Node.js', node], ['SQLite', sqlite],
    ...(postgres === null ? [] : [
      ['PostgreSQL', `${postgres.version}, fsync ${postgres.fsync}, synchronous_commit ${postgres.synchronousCommit}`],
    ]),
    ...Object.entries(versions).map(([name, version]) => [name, version]),
  ]
  return `## Machine and versions\n\n${markdownTable(['', ''], rows)}`
}

/** What keeps the numbers from meaning what they seem to mean. */
function warnings({ machine, quick, share, results, skipped, failures }: BenchmarkJson, sizes: SizesJson): string {
  const told = new Set([...results, ...skipped].map(({ engine }) => engine))
  const absent = engineNames.filter((engine) => !told.has(engine))
  const found = [
    ...([machine, sizes.machine].some((each) => each.temporaryInMemory) ? ['The databases lay in memory: nothing was made durable.'] : []),
    ...(absent.length === 0 ? [] : [`Not part of these runs: ${absent.join(', ')}.`]),
    ...(quick || share < 1 || sizes.share < 1 ? ['The amounts were reduced: the numbers are no results.'] : []),
    ...skipped.map(({ engine, reason, remedy }) => `Skipped: ${engine}, since ${reason}. Remedy: ${remedy}.`),
    ...[...failures, ...sizes.failures].map((failure) => `Failed: ${failure}`),
  ]
  return found.map((each) => `- ${each.replaceAll(/\s+/g, ' ')}`).join('\n')
}
