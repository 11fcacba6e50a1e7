/** The results of the benchmark as tables: one for each scenario, a row for each engine. */
import type { Measurement } from '../measurement.ts'
import { metricNames, metricOf } from '../metric.ts'
import { figure } from '../results-table.ts'
import { type ScenarioName, scenarioNames, scenarioOf } from '../scenario.ts'
import { bars, judge, type Judged } from './bars.ts'
import { type Notes, notesPlace } from './notes.ts'
import { markdownTable } from './markdown-table.ts'

export function barsSection(results: readonly Measurement[]): string {
  const judged = bars.map((bar) => judge(bar, results))
  const count = (verdict: Judged['verdict']) => judged.filter((each) => each.verdict === verdict).length
  const rows = judged.map((each) => {
    const { bar } = each
    return [bar.scenario, bar.metric, bar.store, boundOf(each), foundOf(each), each.verdict === 'held' ? 'held' : `**${each.verdict}**`]
  })
  const summary = `${count('held')} held, ${count('missed')} missed, ${count('not measured')} not measured.`
  return `## Bars\n\n${summary}\n\n${markdownTable(['', 'figure', 'store', 'bar', 'found', ''], rows)}`
}

function boundOf({ bar }: Judged): string {
  const { unit } = metricOf(bar.scenario, bar.metric)
  const times = bar.of === undefined ? ` ${unit}` : ` x ${bar.of.name}`
  const bound = bar.atLeast === undefined ? `at most ${figure(bar.atMost ?? 0)}` : `at least ${figure(bar.atLeast)}`
  return `${bound}${times}${bar.aim === undefined ? '' : `, aim ${figure(bar.aim)}`}`
}

function foundOf({ bar, found }: Judged): string {
  if (found === undefined) return ''
  if (found === null) return 'none'
  return bar.of === undefined ? `${figure(found)} ${metricOf(bar.scenario, bar.metric).unit}` : `${figure(found)} x`
}

export function resultsSection(results: readonly Measurement[], notes: Notes): string {
  const measured = scenarioNames.filter((name) => results.some((result) => result.scenario === name))
  return `## All engines\n\n${measured.map((name) => scenarioSection(name, results, notes)).join('\n')}`
}

function scenarioSection(name: ScenarioName, all: readonly Measurement[], notes: Notes): string {
  const results = all.filter((result) => result.scenario === name)
  const metrics = metricNames(name).filter((metric) => results.some((result) => result.metric === metric))
  const contestants = [...new Set(results.map(({ engine, store }) => `${engine}, ${store}`))]
  const rows = contestants.map((contestant) => [contestant, ...metrics.map((metric) => {
    const result = results.find((each) => each.metric === metric && `${each.engine}, ${each.store}` === contestant)
    return result === undefined ? '' : `${figure(result.median)} (${result.runs.map(figure).join(', ')})`
  })])
  const head = metrics.map((metric) => `${metric}, ${metricOf(name, metric).unit}`)
  const legend = metrics.map((metric) => `${metric}: ${metricOf(name, metric).about}`).join('; ')
  const { about, workflows } = scenarioOf(name, { quick: false, share: 1 })
  const title = `### ${name}: ${workflows === 0 ? 'a' : workflows.toLocaleString('en')} ${about}`
  return `${title}\n\nMedian (runs). ${legend}.\n\n${markdownTable(['engine', ...head], rows)}\n${notesPlace(notes, name)}\n`
}
