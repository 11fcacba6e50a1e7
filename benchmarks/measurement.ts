/** One measured combination of scenario, engine and store, and its process. */
import { fork } from 'node:child_process'
import { join } from 'node:path'
import type { EngineName, StoreName } from './engine-adapter.ts'
import type { Assignment } from './engine-process.ts'
import type { Measured } from './measure.ts'
import type { Scenario, ScenarioName } from './scenario.ts'
import { median } from './statistics.ts'

export interface Measurement {
  readonly scenario: ScenarioName
  readonly engine: EngineName
  readonly store: StoreName
  readonly unit: Scenario['unit']
  /** Of the runs; S3: the median of each run's p50. */
  readonly median: number
  readonly runs: readonly number[]
  readonly workflows: number
  readonly p99Ms?: number
}

/** In a fresh process, so that no engine finds another's heap, compiled code or connections. */
export async function measureInProcess(assignment: Assignment, scenario: Scenario): Promise<Measurement> {
  const measured = await answerOf(assignment)
  const digits = scenario.unit === 'ms' ? 3 : 1
  const round = (value: number) => Number(value.toFixed(digits))
  return {
    scenario: assignment.scenario,
    engine: assignment.engine,
    store: assignment.target.store,
    unit: scenario.unit,
    median: round(median(measured.runs)),
    runs: measured.runs.map(round),
    workflows: measured.workflows,
    ...(measured.p99Ms === undefined ? {} : { p99Ms: round(measured.p99Ms) }),
  }
}

function answerOf(assignment: Assignment): Promise<Measured> {
  const program = join(import.meta.dirname, 'engine-process.ts')
  const execArgv = assignment.engine === 'dbos' ? ['--disable-warning=DeprecationWarning'] : [] // it uses pg in a way that pg warns of
  const child = fork(program, [JSON.stringify(assignment)], { execArgv, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as Measured))
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      reject(new Error(`its process ended early (${signal ?? `exit code ${code}`}); what it said is above`))
    })
  })
}
