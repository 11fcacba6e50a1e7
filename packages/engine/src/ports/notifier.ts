/**
 * Hints between processes: coalesced, lossy, never needed for correctness (I5). Topics:
 * `queue` (something runnable was written), `worker:<incarnation>` (its executions have messages), `closed`
 * (an execution closed), `query` (a query waits, or was answered), `waiting` (another process awaits results: hint of
 * closes for a while), and, only heard, never published: `*` (any of these may have happened: there were too many to
 * tell, or the connection was away). A process need not hear its own hints.
 */
export interface Notifier {
  start(onHint: (topic: string) => void): Promise<void>
  /** Returns at once; sends later, coalesced, outside of any transaction; never throws. */
  publish(topic: string): void
  stop(): Promise<void>
}
