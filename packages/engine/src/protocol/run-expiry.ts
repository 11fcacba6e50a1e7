import type { Millis } from './ids.ts'
import type { StartDetails } from './start-details.ts'

/** When any worker ends a run that begins at `startedAt`: the earlier of its own timeout and that of the chain. Null: never. */
export function runExpiry({ runTimeoutMs, executionExpiresAt }: StartDetails, startedAt: Millis): Millis | null {
  const ends = [executionExpiresAt, runTimeoutMs === undefined ? undefined : startedAt + runTimeoutMs].filter((at) => at !== undefined)
  return ends.length === 0 ? null : Math.min(...ends)
}
