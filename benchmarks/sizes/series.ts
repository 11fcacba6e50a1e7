/** What cost over size is measured of Perdure: one series for each size that grows. */

export const seriesNames = ['inFlight', 'backlog', 'history', 'payload', 'workers', 'memory'] as const
export type SeriesName = (typeof seriesNames)[number]

export interface Series {
  readonly name: SeriesName
  readonly title: string
  /** What grows, with its unit. */
  readonly x: string
  readonly points: readonly number[]
  /** What is told at each point, by name: its unit. The first one is drawn. */
  readonly figures: Readonly<Record<string, string>>
  /** In fresh processes on empty databases; the runs of inFlight and payload share one. */
  readonly runs: number
}

export const memoryFigure = 'resident'

const all: Readonly<Record<SeriesName, Omit<Series, 'name'>>> = {
  inFlight: {
    title: 'Workflows of 10 steps, by how many are in flight', x: 'in flight', points: [1, 10, 100, 1_000],
    figures: { rate: 'steps/s' }, runs: 1,
  },
  backlog: {
    title: 'A worker drains one-step workflows, by how many wait', x: 'waiting', points: [1_000, 100_000, 1_000_000],
    figures: { drain: 'workflows/s', startMany: 'workflows/s' }, runs: 1,
  },
  history: {
    title: 'An execution goes on after a cold replay, by the events of its history', x: 'events', points: [10, 1_000, 50_000],
    figures: { replay: 's', fill: 'steps/s' }, runs: 3,
  },
  payload: {
    title: 'Workflows of one step, by the size of arguments and results', x: 'bytes', points: [100, 10_000, 1_000_000],
    figures: { rate: 'workflows/s', volume: 'MB/s' }, runs: 1,
  },
  workers: {
    title: 'A backlog drained by several worker processes', x: 'workers', points: [1, 2, 3, 4], figures: { drain: 'workflows/s' }, runs: 3,
  },
  memory: {
    title: 'Memory of a process that starts and runs a million workflows', x: 'workflows completed', points: [1_000_000],
    figures: { [memoryFigure]: 'MiB', rate: 'workflows/s' }, runs: 1,
  },
}

export function seriesOf(name: SeriesName): Series {
  return { name, ...all[name] }
}
