import type { Target } from '../engine-adapter.ts'
import type { SeriesName } from './series.ts'

/** One point of a series: how large, and on which store. */
export interface Point {
  readonly series: SeriesName
  readonly x: number
  readonly target: Target
  /** So much of each amount, up to 1: for trying out. */
  readonly share: number
}

export interface PointFigures {
  /** By the names of the series' figures; one value for each run. */
  readonly values: Readonly<Record<string, readonly number[]>>
  /** memory: how it went on; x as the series has it. */
  readonly course?: readonly { readonly x: number; readonly y: number }[]
}
