import type { Reading } from './metric.ts'

/** What the process of an engine tells its parent. */
export interface Measured {
  /** One for each run. */
  readonly readings: readonly Reading[]
  /** Timed workflows of all runs. */
  readonly workflows: number
  /** What a reader of the numbers should know. */
  readonly notes?: readonly string[]
}
