/** One measured combination of scenario, engine and store, and its processes. */
import { fork } from 'node:child_process'
import { join } from 'node:path'
import type { EngineName, StoreName } from './engine-adapter.ts'
import type { Assignment } from './engine-process.ts'
import type { Measured } from './measured.ts'
import { type Metric, metricNames, metricOf, type Reading } from './metric.ts'
import { flagsOf } from './node-flags.ts'
import type { ScenarioName } from './scenario.ts'
import { medianOrNever } from './statistics.ts'

export interface Measurement {
  readonly scenario: ScenarioName
  readonly metric: string
  readonly engine: EngineName
  readonly store: StoreName
  readonly unit: string
  readonly better: Metric['better']
  /** Of the runs; null: it did not happen in the time that was given. */
  readonly median: number | null
  readonly runs: readonly (number | null)[]
  /** Timed workflows of all runs. */
  readonly workflows: number
}

/** A process that has not ended by then is killed: nothing hangs. */
const processSecondsMax = 600

/** In a fresh process, so that no engine finds another's heap, compiled code or connections. */
export function measureInProcess(assignment: Assignment): Promise<Measured> {
  const program = join(import.meta.dirname, 'engine-process.ts')
  const child = fork(program, [JSON.stringify(assignment)], {
    execArgv: flagsOf(assignment.engine), stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    timeout: processSecondsMax * 1_000, killSignal: 'SIGKILL',
  })
  return new Promise((resolve, reject) => {
    let measured: Measured | undefined
    child.once('message', (message) => {
      measured = message as Measured
    })
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      if (measured === undefined) reject(new Error(`its process ended early (${signal ?? `exit code ${code}`}); what it said is above`))
      else resolve(measured)
    })
  })
}

/** One for each metric that was told. */
export function measurementsOf({ engine, scenario, target: { store } }: Assignment, all: readonly Measured[]): Measurement[] {
  const readings = all.flatMap((measured) => measured.readings)
  const workflows = all.reduce((sum, measured) => sum + measured.workflows, 0)
  const told = metricNames(scenario).filter((name) => readings.some((reading) => name in reading))
  return told.map((name) => {
    const { unit, better, digits } = metricOf(scenario, name)
    const runs = readings.map((reading) => rounded(reading, name, digits))
    return { scenario, metric: name, engine, store, unit, better, median: medianOrNever(runs), runs, workflows }
  })
}

function rounded(reading: Reading, name: string, digits: number): number | null {
  const value = reading[name]
  return value === undefined || value === null ? null : Number(value.toFixed(digits))
}
