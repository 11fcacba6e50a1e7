/** The page on performance: made from the JSON of the benchmark and of the sizes, with the notes that people wrote into it. */
import { engineNames } from '../engine-adapter.ts'
import type { Machine } from '../machine.ts'
import { markdownTable } from './markdown-table.ts'
import { notesOf, notesPlace } from './notes.ts'
import { barsSection, resultsSection } from './results-section.ts'
import { latestResults, minuteOf, type Runs } from './runs.ts'
import { sizesSection } from './sizes-section.ts'

export interface Page {
  readonly text: string
  /** By file name. */
  readonly charts: ReadonlyMap<string, string>
}

/** `before`: the page as it is, for its notes. `chartFolder`: as the page names it. */
export function performancePage(runs: Runs, before: string, chartFolder: string): Page {
  const notes = notesOf(before)
  const { measured, sizes } = latestResults(runs)
  const { text, charts } = sizesSection(sizes, notes, chartFolder)
  const parts = [
    '# Performance',
    `Made by \`node benchmarks/performance-page.ts\` from ${counted(runs.benchmarks.length)} of \`npm run bench\` and `
      + `${counted(runs.sizes.length)} of \`npm run bench:sizes\`: each section says of which run it is. `
      + 'Only the notes are written by hand. What is measured, how, and what is not: [benchmarks/README.md](../benchmarks/README.md).',
    notesPlace(notes, 'summary'),
    machineSection(machinesOf(runs)),
    warnings(runs),
    barsSection(measured, sizes),
    notesPlace(notes, 'bars'),
    resultsSection(measured, notes),
    text,
    `## Where the time goes\n\n${notesPlace(notes, 'profile')}`,
  ]
  return { text: `${parts.filter((part) => part !== '').map((part) => part.trimEnd()).join('\n\n')}\n`, charts }
}

function counted(runs: number): string {
  return runs === 1 ? 'one run' : `${runs} runs`
}

function machinesOf({ benchmarks, sizes }: Runs): Machine[] {
  return [...benchmarks, ...sizes].map(({ machine }) => machine)
}

/** What is told of the first holds for all: where it does not, `warnings` says so. */
function machineSection(machines: readonly Machine[]): string {
  const [first] = machines
  if (first === undefined) return ''
  const { cpu, cores, memoryGiB, system, node, sqlite, postgres, durableWriteMs } = first
  const versions = Object.assign({}, ...machines.map((machine) => machine.versions)) as Machine['versions']
  const rows = [
    ['machine', `${cpu}, ${cores} cores, ${memoryGiB} GiB, ${system}`],
    ['runs begun', machines.map(({ at }) => minuteOf(at)).toSorted().join(', ')],
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
function warnings(runs: Runs): string {
  const { benchmarks, sizes } = runs
  const machines = machinesOf(runs)
  const measured = new Set(benchmarks.flatMap(({ results }) => results.map(({ engine }) => engine)))
  const skipped = new Map(benchmarks.flatMap((run) => run.skipped).map((each) => [each.engine, each]))
  const absent = engineNames.filter((engine) => !measured.has(engine) && !skipped.has(engine))
  const isReduced = benchmarks.some(({ quick, share }) => quick || share < 1) || sizes.some(({ share }) => share < 1)
  const found = [
    ...(machines.some((each) => each.temporaryInMemory) ? ['The databases lay in memory: nothing was made durable.'] : []),
    ...differences(machines),
    ...(absent.length === 0 ? [] : [`Not part of these runs: ${absent.join(', ')}.`]),
    ...(isReduced ? ['The amounts were reduced: the numbers are no results.'] : []),
    ...[...skipped.values()].filter(({ engine }) => !measured.has(engine))
      .map(({ engine, reason, remedy }) => `Skipped: ${engine}, since ${reason}. Remedy: ${remedy}.`),
    ...[...benchmarks, ...sizes].flatMap(({ machine, failures }) => {
      return failures.map((failure) => `Failed in the run of ${minuteOf(machine.at)}: ${failure}`)
    }),
  ]
  return found.map((each) => `- ${each.replaceAll(/\s+/g, ' ')}`).join('\n')
}

function differences(machines: readonly Machine[]): string[] {
  const told = machines.map(({ cpu, cores, memoryGiB, system, node, sqlite, postgres, versions }) => {
    const server = postgres === null ? {} : { PostgreSQL: `${postgres.version}, fsync ${postgres.fsync}, ${postgres.synchronousCommit}` }
    return { cpu, cores: String(cores), GiB: String(memoryGiB), system, 'Node.js': node, SQLite: sqlite, ...server, ...versions }
  }).flatMap((each) => Object.entries(each))
  return [...Map.groupBy(told, ([name]) => name)].flatMap(([name, entries]) => {
    const values = new Set(entries.map(([, value]) => value))
    return values.size === 1 ? [] : [`The runs differ in ${name}: ${[...values].join('; ')}.`]
  })
}
