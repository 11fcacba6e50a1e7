/** The results as a table, each beside DBOS and beside the floor of its own store. */
import Table from 'cli-table3'
import type { Measurement } from './measurement.ts'

export function resultsTable(results: readonly Measurement[]): string {
  const table = new Table({
    head: ['', 'engine', 'store', 'median', 'runs', 'of dbos', 'of floor'],
    colAligns: ['left', 'left', 'left', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  })
  for (const result of results) {
    const rivals = results.filter((other) => other.scenario === result.scenario)
    table.push([
      result.scenario, result.engine, result.store, `${figure(result.median)} ${result.unit}`, result.runs.map(figure).join('  '),
      ratioTo(result, rivals.find((other) => other.engine === 'dbos')),
      ratioTo(result, rivals.find((other) => other.engine === 'floor' && other.store === result.store)),
    ])
  }
  return table.toString()
}

/** Higher is better for rates, lower for times (S3). */
export function ratioTo(result: Measurement, other: Measurement | undefined): string {
  if (other === undefined || other === result || other.median === 0) return ''
  const ratio = result.median / other.median
  return `${ratio >= 10 ? ratio.toFixed(1) : ratio.toFixed(2)} x`
}

function figure(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2)
}
