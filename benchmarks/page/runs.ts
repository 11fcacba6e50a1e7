/** Several runs as one: where two have measured the same, the later one counts, and every result knows of which run it is. */
import type { Skipped } from '../availability.ts'
import type { Machine } from '../machine.ts'
import type { Measurement } from '../measurement.ts'
import type { SizeResult } from '../sizes/size-result.ts'

export interface BenchmarkJson {
  readonly machine: Machine
  readonly quick: boolean
  readonly share: number
  readonly results: readonly Measurement[]
  readonly skipped: readonly Skipped[]
  readonly failures: readonly string[]
}

export interface SizesJson {
  readonly machine: Machine
  readonly share: number
  readonly results: readonly SizeResult[]
  readonly failures: readonly string[]
}

export interface Runs {
  readonly benchmarks: readonly BenchmarkJson[]
  readonly sizes: readonly SizesJson[]
}

/** `at`: when its run began. */
export type Dated<T> = T & { readonly at: string }

/** What an engine told of a scenario is of one run, and so is what a store told of a series. */
export function latestResults(runs: Runs): { readonly measured: Dated<Measurement>[]; readonly sizes: Dated<SizeResult>[] } {
  return {
    measured: latest(runs.benchmarks, ({ scenario, engine, store }) => `${scenario} ${engine} ${store}`),
    sizes: latest(runs.sizes, ({ series, store }) => `${series} ${store}`),
  }
}

interface Run<T> {
  readonly machine: Machine
  readonly results: readonly T[]
}

function latest<T>(runs: readonly Run<T>[], keyOf: (result: T) => string): Dated<T>[] {
  const found = new Map<string, Dated<T>[]>()
  for (const { machine: { at }, results } of runs.toSorted((a, b) => a.machine.at.localeCompare(b.machine.at))) {
    for (const [key, group] of Map.groupBy(results, keyOf)) found.set(key, group.map((result) => ({ ...result, at })))
  }
  return [...found.values()].flat()
}

export function minuteOf(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)}`
}

/** In which run, or which of these in which run. */
export function runOf<T>(results: readonly Dated<T>[], nameOf: (result: T) => string): string {
  const groups = [...Map.groupBy(results, ({ at }) => at)].toSorted(([, a], [, b]) => a.length - b.length)
  return groups.map(([at, group], index) => {
    const names = index === groups.length - 1 ? 'all others' : [...new Set(group.map(nameOf))].join(', ')
    return `run of ${minuteOf(at)}${groups.length === 1 ? '' : `: ${names}`}`
  }).join('; ')
}
