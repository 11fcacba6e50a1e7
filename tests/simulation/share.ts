/** Every n-th seed of some: `share.ts <from> <until> <every>`, started by run.ts, which hears what came of it. */
import { simulate } from './simulation.ts'

export interface ShareReport {
  readonly steps: number
  readonly executions: number
  readonly faults: number
  readonly cpuSeconds: number
  readonly failed: readonly { readonly seed: number; readonly problem: string }[]
}

const [from = 1, until = 1, every = 1] = process.argv.slice(2).map(Number)
process.once('disconnect', () => process.exit(1))
const failed: { seed: number; problem: string }[] = []
let steps = 0
let executions = 0
let faults = 0
for (let seed = from; seed < until; seed += every) {
  const report = await simulate(seed)
  steps += report.steps
  executions += report.executions
  faults += report.faults
  if (report.problem !== undefined) failed.push({ seed, problem: report.problem })
}
const { user, system } = process.cpuUsage()
const report: ShareReport = { steps, executions, faults, cpuSeconds: (user + system) / 1e6, failed }
process.send?.(report, () => process.disconnect())
