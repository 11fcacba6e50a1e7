/** Cost over size: a chart and a table for each series. */
import { drawLineChart, type Line } from '../charts/line-chart.ts'
import { figure } from '../results-table.ts'
import { type Series, seriesNames, seriesOf } from '../sizes/series.ts'
import type { SizeResult } from '../sizes/size-result.ts'
import { markdownTable } from './markdown-table.ts'
import { type Notes, notesPlace } from './notes.ts'
import { type Dated, runOf } from './runs.ts'

const storeTitles = { postgres: 'PostgreSQL', sqlite: 'SQLite', own: 'own' } as const

export interface SizesSection {
  readonly text: string
  /** Charts by file name. */
  readonly charts: ReadonlyMap<string, string>
}

/** `folder`: of the charts, as the page names it. */
export function sizesSection(results: readonly Dated<SizeResult>[], notes: Notes, folder: string): SizesSection {
  const charts = new Map<string, string>()
  const parts: string[] = []
  for (const name of seriesNames) {
    const found = results.filter((result) => result.series === name)
    if (found.length === 0) continue
    const series = seriesOf(name)
    charts.set(`${name}.svg`, chartOf(series, found))
    const chart = `![${series.title}](${folder}/${name}.svg)`
    const run = runOf(found, ({ store }) => storeTitles[store])
    parts.push(`### ${series.title}\n\n${upperFirst(run)}.\n\n${chart}\n\n${tableOf(series, found)}\n${notesPlace(notes, name)}\n`)
  }
  const missing = seriesNames.filter((name) => !results.some(({ series }) => series === name)).map((name) => seriesOf(name).title)
  const notMeasured = missing.length === 0 ? '' : `**Not measured**: ${missing.map(lowerFirst).join('; ')}.\n\n`
  return { text: `## Cost over size\n\nPerdure, worker and database on one machine.\n\n${notMeasured}${parts.join('\n')}`, charts }
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}

function chartOf(series: Series, results: readonly SizeResult[]): string {
  const [drawn = '', unit = ''] = Object.entries(series.figures)[0] ?? []
  const hasCourse = results.some((result) => result.course !== undefined)
  const stores = [...new Set(results.map((result) => result.store))]
  const lines = stores.map((store): Line => {
    const own = results.filter((result) => result.store === store)
    const course = own.flatMap((result) => result.course ?? [])
    const points = own.flatMap((result) => {
      const found = result.figures[drawn]
      return found === undefined ? [] : [{ x: result.x, y: found.median }]
    })
    return { name: storeTitles[store], points: hasCourse ? course : points }
  })
  const scale = hasCourse ? 'linear' : 'logarithmic'
  return drawLineChart({ title: series.title, xLabel: series.x, yLabel: `${drawn}, ${unit}`, scale, lines })
}

function tableOf(series: Series, results: readonly SizeResult[]): string {
  const figures = Object.entries(series.figures)
  const sizes = [...new Set(results.map((result) => result.x))]
  const stores = [...new Set(results.map((result) => result.store))]
  const head = [series.x, ...stores.flatMap((store) => figures.map(([name, unit]) => `${storeTitles[store]}: ${name}, ${unit}`))]
  const rows = sizes.map((x) => [x.toLocaleString('en'), ...stores.flatMap((store) => figures.map(([name]) => {
    const found = results.find((result) => result.x === x && result.store === store)?.figures[name]
    return found === undefined ? '' : figure(found.median)
  }))])
  return markdownTable(head, rows)
}
