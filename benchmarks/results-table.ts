/** The results as a table, each beside its rivals: the same figure of others in the same run. */
import Table from 'cli-table3'
import type { EngineName, StoreName } from './engine-adapter.ts'
import type { Measurement } from './measurement.ts'

interface Rival {
  readonly name: string
  readonly engine: EngineName
  /** Undefined: the floor of the same store. */
  readonly store?: StoreName
}

const rivals: readonly Rival[] = [
  { name: 'of dbos', engine: 'dbos', store: 'postgres' },
  { name: 'of restate', engine: 'restate', store: 'own' },
  { name: 'of openworkflow sqlite', engine: 'openworkflow', store: 'sqlite' },
  { name: 'of temporal', engine: 'temporal', store: 'postgres' },
  { name: 'of floor', engine: 'floor' },
]

export function resultsTable(results: readonly Measurement[]): string {
  const measured = rivals.filter(({ engine, store }) => {
    return results.some((each) => each.engine === engine && (store ?? each.store) === each.store)
  })
  const table = new Table({
    head: ['', '', 'engine', 'store', 'median', 'runs', ...measured.map((rival) => rival.name)],
    colAligns: ['left', 'left', 'left', 'left', 'right', 'right', ...measured.map(() => 'right' as const)],
    style: { head: [], border: [], compact: true },
  })
  for (const result of inOrder(results)) {
    table.push([
      result.scenario, result.metric, result.engine, result.store, `${figure(result.median)} ${result.unit}`,
      result.runs.map(figure).join('  '),
      ...measured.map((rival) => ratioTo(result, rivalOf(result, rival, results))),
    ])
  }
  return table.toString()
}

/** Rows of the same figure stand together. */
function inOrder(results: readonly Measurement[]): Measurement[] {
  const groups = Map.groupBy(results, (result) => `${result.scenario} ${result.metric}`)
  const scenarios = [...new Set(results.map((result) => result.scenario))]
  return scenarios.flatMap((scenario) => [...groups].filter(([, group]) => group[0]?.scenario === scenario).flatMap(([, group]) => group))
}

export function rivalOf(result: Measurement, rival: Rival, results: readonly Measurement[]): Measurement | undefined {
  return results.find((other) => {
    return other.scenario === result.scenario && other.metric === result.metric && other.engine === rival.engine
      && other.store === (rival.store ?? result.store)
  })
}

/** Higher is better for rates, lower for times. */
export function ratioTo(result: Measurement, other: Measurement | undefined): string {
  if (other === undefined || other === result || result.median === null || other.median === null || other.median === 0) return ''
  const ratio = result.median / other.median
  return `${ratio >= 10 ? ratio.toFixed(1) : ratio.toFixed(2)} x`
}

export function figure(value: number | null): string {
  if (value === null) return 'none'
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : Number.isInteger(value) ? String(value) : value.toFixed(2)
}
