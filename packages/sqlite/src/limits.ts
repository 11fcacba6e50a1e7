/** Bounds of the SQLite store, with their reasons. */

/** How long a statement may wait inside SQLite, blocking the event loop, before we go on waiting outside of it. */
export const busyTimeoutMs = 2
/** Pauses between two tries for the write lock: they grow from the first to the last. */
export const retryPauseFirstMs = 1
export const retryPauseLastMs = 6
/** Waiting for the write lock before the caller is told that the database is busy. */
export const busyWaitMs = 10_000
/** Waiting for the write lock while the schema is made: ten processes may start at once. */
export const migrationWaitMs = 30_000
/** After a commit others get this long to take the lock, if others were seen. */
export const yieldMs = 2
/** Another process counts as seen for so long. */
export const contentionMs = 200
/** Operations in one transaction, and how long it may go on taking more: bounds the time the event loop stands still. */
export const groupOperationsMax = 200
export const groupMs = 15
/** Operations that wait: beyond this somebody produces faster than the disk can write, and is told so. */
export const queuedOperationsMax = 20_000
/** Run ids whose row number is remembered: two look-ups saved for each transition of a live execution. */
export const knownRunsMax = 50_000
/** Pages (4 KiB) in the write-ahead log before it is copied back, which stops the event loop: p99.9 6 ms at 1,000, 23 ms at 8,000. */
export const checkpointPages = 1_000
/** Expired queries are kept for so long, so that a late reply is not an error. */
export const expiredQueryKeptMs = 60_000
/** Rows of dead workers are kept for people to see. */
export const deadWorkerKeptMs = 24 * 3_600_000
/** Lease thread: how often it looks, and from when on it renews in place of the main thread. */
export const leaseLookMs = 250
export const mainSilentMs = 1_500
/** How often another process's commits are looked for. */
export const hintPollMs = 20
/**
 * The same when no other process has committed for so long: most files have one process, which looks for nothing all day. Looks
 * every 120 ms are half of the processor time of an idle worker; every 20 ms they would be over 0.5 % of a core. What the last step
 * costs in latency, once in a quiet while, a person hardly notices.
 */
export const hintPollQuiet: readonly { readonly quietMs: number; readonly pollMs: number }[] = [
  { quietMs: 30_000, pollMs: 200 },
  { quietMs: 10_000, pollMs: 120 },
  { quietMs: 1_000, pollMs: 60 },
]
