/** The results of the benchmark as tables: one for each scenario, a row for each engine. */
import type { Measurement } from '../measurement.ts'
import { metricNames, metricOf } from '../metric.ts'
import { figure } from '../results-table.ts'
import { type ScenarioName, scenarioNames, scenarioOf } from '../scenario.ts'
import { memoryGrowth, memoryGrowthMax } from '../sizes/memory-growth.ts'
import type { SizeResult } from '../sizes/size-result.ts'
import { bars, judge, type Judged } from './bars.ts'
import { type Notes, notesPlace } from './notes.ts'
import { markdownTable } from './markdown-table.ts'
import { type Dated, runOf } from './runs.ts'

export function barsSection(results: readonly Dated<Measurement>[], sizes: readonly SizeResult[]): string {
  const judged = [...bars.map((bar) => rowOf(judge(bar, results))), ...memoryRows(sizes)]
  const count = (verdict: Judged['verdict']) => judged.filter((each) => each.verdict === verdict).length
  const rows = judged.map(({ cells, verdict }) => [...cells, verdict === 'held' || verdict === 'no bar' ? verdict : `**${verdict}**`])
  const summary = `${count('held')} held, ${count('missed')} missed, ${count('not measured')} not measured.`
  return `## Bars\n\n${summary}\n\n${markdownTable(['', 'figure', 'store', 'bar', 'found', ''], rows)}`
}

interface Row {
  readonly cells: readonly string[]
  readonly verdict: Judged['verdict']
}

function rowOf(judged: Judged): Row {
  const { bar: { scenario, metric, store }, verdict } = judged
  return { cells: [scenario, metric, store, boundOf(judged), foundOf(judged)], verdict }
}

/** Of the series over a million workflows: whether its course is flat. */
function memoryRows(sizes: readonly SizeResult[]): Row[] {
  return (['postgres', 'sqlite'] as const).map((store) => {
    const course = sizes.find((result) => result.series === 'memory' && result.store === store)?.course
    const growth = memoryGrowth(course ?? [])
    const verdict = growth === undefined ? 'not measured' : growth <= memoryGrowthMax ? 'held' : 'missed'
    const bound = `at most ${figure(memoryGrowthMax)} x, last tenth over third`
    return { cells: ['memory', 'growth', store, bound, growth === undefined ? '' : `${figure(growth)} x`], verdict }
  })
}

function boundOf({ bar }: Judged): string {
  const { unit } = metricOf(bar.scenario, bar.metric)
  const times = bar.of === undefined ? ` ${unit}` : ` x ${bar.of.name}`
  if (bar.atLeast === undefined && bar.atMost === undefined) return times.trim()
  const bound = bar.atLeast === undefined ? `at most ${figure(bar.atMost ?? 0)}` : `at least ${figure(bar.atLeast)}`
  return `${bound}${times}${bar.aim === undefined ? '' : `, aim ${figure(bar.aim)}`}`
}

function foundOf({ bar, found, acrossRuns }: Judged): string {
  if (found === undefined) return ''
  if (found === null) return 'none'
  if (bar.of === undefined) return `${figure(found)} ${metricOf(bar.scenario, bar.metric).unit}`
  return `${figure(found)} x${acrossRuns ? ', of two runs' : ''}`
}

export function resultsSection(results: readonly Dated<Measurement>[], notes: Notes): string {
  const measured = scenarioNames.filter((name) => results.some((result) => result.scenario === name))
  return `## All engines\n\n${measured.map((name) => scenarioSection(name, results, notes)).join('\n')}`
}

function scenarioSection(name: ScenarioName, all: readonly Dated<Measurement>[], notes: Notes): string {
  const results = all.filter((result) => result.scenario === name)
  const metrics = metricNames(name).filter((metric) => results.some((result) => result.metric === metric))
  const contestants = [...new Set(results.map(({ engine, store }) => `${engine}, ${store}`))]
  const run = runOf(results, ({ engine, store }) => `${engine} on ${store}`)
  const rows = contestants.map((contestant) => [contestant, ...metrics.map((metric) => {
    const result = results.find((each) => each.metric === metric && `${each.engine}, ${each.store}` === contestant)
    return result === undefined ? '' : `${figure(result.median)} (${result.runs.map(figure).join(', ')})`
  })])
  const head = metrics.map((metric) => `${metric}, ${metricOf(name, metric).unit}`)
  const legend = metrics.map((metric) => `${metric}: ${metricOf(name, metric).about}`).join('; ')
  const { about, workflows } = scenarioOf(name, { quick: false, share: 1 })
  const title = `### ${name}: ${workflows === 0 ? 'a' : workflows.toLocaleString('en')} ${about}`
  return `${title}\n\nMedian (runs), ${run}. ${legend}.\n\n${markdownTable(['engine', ...head], rows)}\n${notesPlace(notes, name)}\n`
}
