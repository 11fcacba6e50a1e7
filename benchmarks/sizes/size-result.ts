import type { StoreName } from '../engine-adapter.ts'
import type { SeriesName } from './series.ts'

/** One point as the JSON has it. */
export interface SizeResult {
  readonly series: SeriesName
  readonly x: number
  readonly store: StoreName
  readonly figures: Readonly<Record<string, { readonly unit: string; readonly median: number; readonly runs: readonly number[] }>>
  readonly course?: readonly { readonly x: number; readonly y: number }[]
}
