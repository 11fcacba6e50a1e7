/** Checks many programs, several at a time: their turns of the event loop are shared, as those of executions in a worker are. */
import { inspect } from 'node:util'
import { checkProgram, type Checked } from './check.ts'
import { reportOf } from './report.ts'
import { checkOnSqlite } from './sqlite-check.ts'
import { checkOnWorker } from './worker-check.ts'

export interface Found {
  readonly checked: number
  readonly events: number
  readonly differences: number
  /** Of the first that differ, by number. */
  readonly reports: readonly (readonly [number, string])[]
  /** What the programs met, and how many of them. */
  readonly facts: Readonly<Record<string, number>>
}

/** Every tenth program also lives on a whole worker, and a few on SQLite, which takes hundreds of times as long. */
export function checksOf(number: number): readonly ((number: number) => Promise<Checked>)[] {
  return [checkProgram, ...(number % 10 === 0 ? [checkOnWorker] : []), ...(number % 500 === 0 ? [checkOnSqlite] : [])]
}

function isChecked(result: unknown): result is Checked {
  return typeof result === 'object' && result !== null && 'facts' in result
}

const atOnce = 32
const reportsMax = 5

export async function searchPrograms(numbers: readonly number[]): Promise<Found> {
  const facts: Record<string, number> = {}
  const reports: [number, string][] = []
  let [next, events, differences] = [0, 0, 0]
  const lane = async (): Promise<void> => {
    for (;;) {
      const number = numbers[next++]
      if (number === undefined) return
      for (const check of checksOf(number)) {
        const checked = await check(number).catch((error: unknown) => error)
        if (!isChecked(checked)) {
          differences++
          const again = `Again: npm run replay-races -- --program ${number}`
          reports.push([number, `Program ${number} could not be checked: ${inspect(checked)}\n${again}`])
          continue
        }
        events += checked.log.length
        for (const fact of checked.facts) facts[fact] = (facts[fact] ?? 0) + 1
        if (checked.difference === undefined) continue
        differences++
        if (reports.length < reportsMax) reports.push([number, reportOf(checked)])
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
  return { checked: numbers.length, events, differences, reports, facts }
}
