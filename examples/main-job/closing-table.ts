/** The proof, as a table. */
import { styleText } from 'node:util'
import Table from 'cli-table3'
import type { Effect } from '../order-processing/effect-log.ts'
import type { Takeover } from './takeover.ts'
import type { Verdict } from './verification.ts'

export interface Ending {
  readonly orderCount: number
  readonly verdict: Verdict
  readonly takeover: Takeover
  readonly dead: string
  readonly effects: readonly Effect[]
}

const problemsShown = 20
const columns = 4

export function closingTable({ orderCount, verdict, takeover, dead, effects }: Ending): string {
  const done = effects.filter((effect) => effect.outcome === 'done')
  const byWorker = [...Map.groupBy(done, (effect) => effect.worker)].sort(([a], [b]) => a.localeCompare(b))
  const { repeated, problems } = verdict
  const rows: readonly (readonly [what: string, count: number, meaning: string])[] = [
    ['orders in the file', orderCount, 'order-processing/orders.json'],
    ['charged, reserved and confirmed', verdict.confirmed, 'as recorded, each result once'],
    ['charged and refunded', verdict.refunded, 'an item was out of stock'],
    ['lost', verdict.lost, verdict.lost === 0 ? 'not one' : 'no result for them in the database'],
    ...byWorker.map(([worker, its]) => [`effects by worker ${worker}`, its.length, worker === dead ? 'killed with -9' : ''] as const),
    ['calls that providers refused', verdict.refused, 'retried, or the order refunded'],
    [`orders begun on ${dead} alone`, takeover.leftBehind.length, `${takeover.continued} continued by another worker`],
    ['results recorded before the kill', verdict.unchanged, 'still there, unchanged'],
    ['effects repeated', repeated.length, 'their result was not yet recorded'],
    ['contradictions', problems.length, problems.length === 0 ? 'log and database agree' : 'see below'],
  ]
  const table = new Table({
    colAligns: ['left', 'right', 'left'],
    style: { border: process.stdout.isTTY ? ['grey'] : [] },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  })
  for (const [what, count, meaning] of rows) table.push([what, count, meaning])
  return table.toString()
}

export function closingWords({ verdict, takeover, dead }: Ending): string {
  const { problems, repeated } = verdict
  const lines = repeated.length === 0 ? [] : [
    `Done on ${dead}, but the results died with it, so done again (at least once):`,
    ...inColumns(repeated.map(({ orderId, kind }) => `${kind} ${orderId}`)),
  ]
  if (problems.length > 0) {
    lines.push('', paint('red', 'It does not hold:'), ...problems.slice(0, problemsShown).map((problem) => `  ${problem}`))
    if (problems.length > problemsShown) lines.push(`  ... and ${problems.length - problemsShown} more`)
    return lines.join('\n')
  }
  const { firstAfterMs } = takeover
  lines.push('', paint('green', 'Every order ended as recorded, and none was lost.'))
  if (firstAfterMs !== undefined) {
    lines.push(paint('green', `${dead}'s orders went on ${(firstAfterMs / 1_000).toFixed(1)} s after the kill; nobody had to help.`))
  }
  return lines.join('\n')
}

function inColumns(texts: readonly string[]): string[] {
  const width = Math.max(...texts.map((text) => text.length))
  const lines = Array.from({ length: Math.ceil(texts.length / columns) }, (_, row) => texts.slice(row * columns, (row + 1) * columns))
  return lines.map((line) => `  ${line.map((text) => text.padEnd(width)).join('  ').trimEnd()}`)
}

function paint(colour: 'red' | 'green', text: string): string {
  return styleText(colour, text, { stream: process.stdout })
}
