/** Every n-th seed of some: `share.ts <from> <until> <every>`, started by run.ts, which hears what came of it. */
import { simulate } from './simulation.ts'

export interface ShareReport {
  readonly steps: number
  readonly executions: number
  readonly faults: number
  readonly cpuSeconds: number
  readonly met: Readonly<Record<string, number>>
  /** Seeds, told already. */
  readonly failed: readonly number[]
}

const [from = 1, until = 1, every = 1] = process.argv.slice(2).map(Number)
process.once('disconnect', () => process.exit(1))
const failed: number[] = []
const met: Record<string, number> = {}
let steps = 0
let executions = 0
let faults = 0
for (let seed = from; seed < until; seed += every) {
  const report = await simulate(seed)
  steps += report.steps
  executions += report.executions
  faults += report.faults
  for (const [what, count] of report.met) met[what] = (met[what] ?? 0) + count
  if (report.problem === undefined) continue
  failed.push(seed)
  console.error(`Seed ${seed} fails: ${report.problem}\n  npm run simulate -- --seed ${seed}\n`)
}
const { user, system } = process.cpuUsage()
const report: ShareReport = { steps, executions, faults, cpuSeconds: (user + system) / 1e6, met, failed }
process.send?.(report, () => process.disconnect())
