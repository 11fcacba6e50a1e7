/** What the speed of this project is held against: bars on the figures of the benchmark. */
import type { EngineName, StoreName } from '../engine-adapter.ts'
import type { Measurement } from '../measurement.ts'
import { type ScenarioName, scenarioNames } from '../scenario.ts'
import type { Dated } from './runs.ts'

/** What a figure is divided by; without one the figure itself is held against the bar. */
interface Divisor {
  readonly engine: EngineName
  readonly store: StoreName
  /** Where it is another figure than that of the bar. */
  readonly figure?: readonly [ScenarioName, string]
  /** As people say it. */
  readonly name: string
}

/** Without a bound: a figure that is only told. */
export interface Bar {
  readonly scenario: ScenarioName
  readonly metric: string
  readonly store: StoreName
  readonly of?: Divisor
  readonly atLeast?: number
  readonly atMost?: number
  readonly aim?: number
}

export interface Judged {
  readonly bar: Bar
  /** Undefined: something of it was not measured. Null: it did not happen in time. */
  readonly found: number | null | undefined
  readonly verdict: 'held' | 'missed' | 'no bar' | 'not measured'
  /** What was compared is of two runs, so less comparable. */
  readonly acrossRuns: boolean
}

const temporal: Divisor = { engine: 'temporal', store: 'postgres', name: 'Temporal' }
const temporalLocal: Divisor = { engine: 'temporal-local', store: 'postgres', name: 'Temporal with local activities' }
const dbos: Divisor = { engine: 'dbos', store: 'postgres', name: 'DBOS' }
const restate: Divisor = { engine: 'restate', store: 'own', name: 'Restate' }
const openworkflow: Divisor = { engine: 'openworkflow', store: 'postgres', name: 'openworkflow' }
const openworkflowSqlite: Divisor = { engine: 'openworkflow', store: 'sqlite', name: 'openworkflow on SQLite' }

type Given = Omit<Bar, 'store'>

const both: readonly Given[] = [
  { scenario: 'S4', metric: 'time', of: restate, atMost: 0.25 },
  { scenario: 'S5', metric: 'start', of: openworkflow, atLeast: 1 },
  { scenario: 'S5', metric: 'startMany', atLeast: 40_000 },
  { scenario: 'S5', metric: 'drain', of: restate, atLeast: 2 },
  { scenario: 'S6', metric: 'over', atMost: 3 },
  { scenario: 'S6', metric: 'memory', atMost: 250 },
  { scenario: 'S6', metric: 'worker', atMost: 250 },
  { scenario: 'S7', metric: 'takeoverAll', atMost: 3 },
  { scenario: 'S7', metric: 'unexpected', atMost: 0 },
  { scenario: 'idle', metric: 'cpu', atMost: 0.5 },
]

const allBars: readonly Bar[] = [
  { scenario: 'S1', metric: 'rate', store: 'postgres', of: temporal, atLeast: 150, aim: 250 },
  { scenario: 'S1', metric: 'rate', store: 'postgres', of: temporalLocal },
  { scenario: 'S1', metric: 'rate', store: 'postgres', of: dbos, atLeast: 14, aim: 20 },
  { scenario: 'S1', metric: 'rate', store: 'postgres', of: restate, atLeast: 5, aim: 8 },
  { scenario: 'S1', metric: 'rate', store: 'sqlite', of: openworkflowSqlite, atLeast: 12 },
  { scenario: 'S2', metric: 'rate', store: 'postgres', of: dbos, atLeast: 10 },
  { scenario: 'S2', metric: 'rate', store: 'sqlite', of: openworkflowSqlite, atLeast: 20 },
  { scenario: 'S3', metric: 'p50', store: 'postgres', of: dbos, atMost: 0.5 },
  { scenario: 'S3', metric: 'p50', store: 'sqlite', of: dbos, atMost: 0.4 },
  ...both.flatMap((bar) => [{ ...bar, store: 'postgres' as const }, { ...bar, store: 'sqlite' as const }]),
  ...(['postgres', 'sqlite'] as const).map((store): Bar => {
    const own: Divisor = { engine: 'perdure', store, figure: ['S2', 'rate'], name: 'its own S2' }
    return { scenario: 'S5', metric: 'drain', store, of: own, atLeast: 0.7 }
  }),
  { scenario: 'idle', metric: 'statements', store: 'postgres', atMost: 3_600 },
]

export const bars = scenarioNames.flatMap((name) => allBars.filter((bar) => bar.scenario === name))

export function judge(bar: Bar, results: readonly Dated<Measurement>[]): Judged {
  const { found, acrossRuns } = foundOf(bar, results)
  if (found === undefined) return { bar, found, acrossRuns, verdict: 'not measured' }
  if (bar.atLeast === undefined && bar.atMost === undefined) return { bar, found, acrossRuns, verdict: 'no bar' }
  const isHeld = found !== null && found >= (bar.atLeast ?? -Infinity) && found <= (bar.atMost ?? Infinity)
  return { bar, found, acrossRuns, verdict: isHeld ? 'held' : 'missed' }
}

function foundOf({ scenario, metric, store, of }: Bar, results: readonly Dated<Measurement>[]): Pick<Judged, 'found' | 'acrossRuns'> {
  const ours = find(results, { engine: 'perdure', store, scenario, metric })
  if (ours === undefined || ours.median === null || of === undefined) return { found: ours?.median, acrossRuns: false }
  const [otherScenario, otherMetric] = of.figure ?? [scenario, metric]
  const theirs = find(results, { engine: of.engine, store: of.store, scenario: otherScenario, metric: otherMetric })
  if (theirs === undefined || theirs.median === null || theirs.median === 0) return { found: undefined, acrossRuns: false }
  return { found: ours.median / theirs.median, acrossRuns: ours.at !== theirs.at }
}

type Key = Pick<Measurement, 'engine' | 'store' | 'scenario' | 'metric'>

function find(results: readonly Dated<Measurement>[], key: Key): Dated<Measurement> | undefined {
  return results.find((each) => {
    return each.engine === key.engine && each.store === key.store && each.scenario === key.scenario && each.metric === key.metric
  })
}
