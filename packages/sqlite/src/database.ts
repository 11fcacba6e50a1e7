import type { Connection } from './connection.ts'
import type { KnownRuns } from './known-runs.ts'

/** What the operations of the store work with. */
export interface Database {
  readonly connection: Connection
  readonly runs: KnownRuns
  readonly now: () => number
}
