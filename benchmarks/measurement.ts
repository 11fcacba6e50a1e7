/** One measured combination of scenario, engine and store, and its processes. */
import { answerOf } from './child-answer.ts'
import type { EngineName, StoreName } from './engine-adapter.ts'
import type { Assignment } from './engine-process.ts'
import type { Measured } from './measured.ts'
import { type Metric, metricNames, metricOf, type Reading } from './metric.ts'
import { flagsOf } from './node-flags.ts'
import type { Programs } from './programs.ts'
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

/** In a fresh process, so that no engine finds another's heap, compiled code or connections. */
export function measureInProcess(programs: Programs, assignment: Assignment): Promise<Measured> {
  return answerOf<Measured>(programs.pathOf('engine-process.ts', assignment.engine), assignment, flagsOf(assignment.engine))
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
