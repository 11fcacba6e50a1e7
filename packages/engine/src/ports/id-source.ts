import type { Millis, RunId } from '../protocol/ids.ts'

/** Ids that a client makes up: unique for ever, whoever makes them. */
export interface IdSource {
  runId(now: Millis): RunId
  /** A UUID. */
  queryId(): string
}
