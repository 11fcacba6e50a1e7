/** The points at which a process dies: derived from what a recording run issued. Pure. */
import { createHash } from 'node:crypto'
import type { StoreKind } from './statement-registry.ts'
import { type Moment, moments } from './tap-order.ts'

export const places = ['first', 'second', 'last'] as const
export type PlaceInRun = (typeof places)[number]

export interface Point {
  readonly store: StoreKind
  readonly scenario: string
  readonly statement: string
  readonly place: PlaceInRun
  readonly moment: Moment
  /** Of the statement, from 1, as of the recording. */
  readonly occurrence: number
}

/** By scenario, the names of its statements in the order in which they were issued. */
export type Recording = ReadonlyMap<string, readonly string[]>

export function parseRecording(text: string): Recording {
  const recording = new Map<string, string[]>()
  let current: string[] = []
  for (const line of text.split('\n').filter(each => each !== '')) {
    if (line.startsWith('# ')) recording.set(line.slice(2), (current = []))
    else current.push(line)
  }
  return recording
}

/**
 * Of each statement, in the scenario that issues it most often, the first, the second and the last time; in every other one of these.
 */
export function pointsOf(store: StoreKind, recording: Recording): readonly Point[] {
  const issued = [...recording].flatMap(([scenario, names]) => (
    [...Map.groupBy(names, name => name)].map(([statement, { length }]) => ({ scenario, statement, count: length }))))
  const most = new Map<string, number>()
  for (const { statement, count } of issued) most.set(statement, Math.max(count, most.get(statement) ?? 0))
  return issued.flatMap(({ scenario, statement, count }) => {
    const all = placesOf(count)
    const one = all[keyOf(`${scenario} ${statement}`) % all.length]
    const chosen = count === most.get(statement) || one === undefined ? all : [one]
    return chosen.flatMap(([place, occurrence]) => moments.map(moment => ({ store, scenario, statement, place, occurrence, moment })))
  })
}

function placesOf(count: number): readonly (readonly [PlaceInRun, number])[] {
  const found = [['first', 1], ['second', 2], ['last', count]] as const
  return found.slice(0, Math.min(count, 3))
}

export function nameOf({ store, scenario, statement, place, moment }: Point): string {
  return [store, scenario, statement, place, moment].join('/')
}

/** A share of 1/n, spread evenly, and the same each time. */
export function shareOf(points: readonly Point[], n: number): readonly Point[] {
  const ordered = points.map(point => ({ point, key: keyOf(nameOf(point)) })).toSorted((a, b) => a.key - b.key)
  return ordered.slice(0, Math.ceil(points.length / n)).map(({ point }) => point)
}

/** The statements, with their moments, of which no point was reached. */
export function neverReached(points: readonly Point[], missed: readonly Point[]): readonly string[] {
  const keys = (some: readonly Point[]) => new Set(some.map(({ store, statement, moment }) => `${store}/${statement}/${moment}`))
  const reached = keys(points.filter(point => !missed.includes(point)))
  return [...keys(points)].filter(key => !reached.has(key))
}

function keyOf(name: string): number {
  return createHash('sha256').update(name).digest().readUInt32BE(0)
}
