/** Checks many programs, several at a time: their turns of the event loop are shared, as those of executions in a worker are. */
import { checkProgram } from './check.ts'
import { reportOf } from './report.ts'

export interface Found {
  readonly checked: number
  readonly events: number
  readonly differences: number
  /** Of the first that differ, by number. */
  readonly reports: readonly (readonly [number, string])[]
  /** What the programs met. */
  readonly facts: readonly string[]
}

const atOnce = 32
const reportsMax = 5

export async function searchPrograms(numbers: readonly number[]): Promise<Found> {
  const facts = new Set<string>()
  const reports: [number, string][] = []
  let [next, events, differences] = [0, 0, 0]
  const lane = async (): Promise<void> => {
    for (;;) {
      const number = numbers[next++]
      if (number === undefined) return
      const checked = await checkProgram(number)
      events += checked.recording.log.length
      for (const fact of checked.recording.facts) facts.add(fact)
      if (checked.difference === undefined) continue
      differences++
      if (reports.length < reportsMax) reports.push([number, reportOf(checked)])
    }
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
  return { checked: numbers.length, events, differences, reports, facts: [...facts] }
}
