/** What each scenario tells: names, units, and which way is better. */
import type { ScenarioName } from './scenario.ts'

export interface Metric {
  readonly unit: string
  readonly better: 'more' | 'less'
  /** Digits after the point. */
  readonly digits: number
  readonly about: string
}

/** Values of one run by the names of metrics. Null: it did not happen in the time that was given. */
export type Reading = Readonly<Record<string, number | null>>

const rate = { unit: 'workflows/s', better: 'more', digits: 1 } as const
const seconds = { unit: 's', better: 'less', digits: 3 } as const

const metrics: Readonly<Record<ScenarioName, Readonly<Record<string, Metric>>>> = {
  S1: { rate: { ...rate, unit: 'steps/s', about: 'durable steps finished' } },
  S2: { rate: { ...rate, about: 'finished' } },
  S3: {
    p50: { unit: 'ms', better: 'less', digits: 3, about: 'start to result, half of them' },
    p99: { unit: 'ms', better: 'less', digits: 3, about: 'start to result, 99 of 100' },
  },
  S4: { time: { ...seconds, about: 'start to end' } },
  S5: {
    start: { ...rate, about: 'started one by one' },
    startMany: { ...rate, about: 'started in bulk' },
    drain: { ...rate, about: 'drained by another process' },
    backlog: { unit: 'workflows', better: 'more', digits: 0, about: 'waiting when the drain began' },
  },
  S6: {
    over: { ...seconds, about: 'longer than the sleep, starts included' },
    memory: { unit: 'MiB', better: 'less', digits: 0, about: 'most that the process had resident, client included' },
    worker: { unit: 'MiB', better: 'less', digits: 0, about: 'the same of a worker whose client is another process, in a second round' },
  },
  S7: {
    takeover: { ...seconds, about: 'kill to the first new step of what the dead worker had, maybe on its way already' },
    takeoverAll: { ...seconds, about: 'kill to the first new step of the last of them' },
    finish: { ...seconds, about: 'kill to the end of all workflows' },
    twice: { unit: 'steps', better: 'less', digits: 0, about: 'ran twice' },
    unexpected: { unit: 'steps', better: 'less', digits: 0, about: 'ran twice though not in flight at the kill' },
  },
  idle: {
    statements: { unit: 'statements/h', better: 'less', digits: 0, about: 'sent to PostgreSQL' },
    cpu: { unit: '% of a core', better: 'less', digits: 3, about: 'of the worker process' },
    serverCpu: { unit: '% of a core', better: 'less', digits: 3, about: 'of the engine\'s own server' },
  },
}

export function metricOf(scenario: ScenarioName, name: string): Metric {
  const metric = metrics[scenario][name]
  if (metric === undefined) throw new Error(`${scenario} has no metric "${name}"; add it to metric.ts`)
  return metric
}

export function metricNames(scenario: ScenarioName): string[] {
  return Object.keys(metrics[scenario])
}
