/** Every bound of the engine, with its reason. (I9) */

/** One payload: larger ones belong in a file store; 2 MiB is Temporal's limit too. */
export const payloadBytesMax = 2 * 1024 * 1024
export const payloadBytesWarn = payloadBytesMax / 2

/** One failure: how many causes are kept, and how much of each message and stack; a failure is read by people. */
export const failureCausesMax = 20
export const failureTextCharactersMax = 32 * 1024

/** One history: replay time and memory grow with it; Temporal's limits. */
export const historyEventsMax = 51_200
export const historyBytesMax = 50 * 1024 * 1024
export const historyEventsSuggested = 10_000

/** Lease of a worker: how long a lost host or a frozen process holds its executions. */
export const leaseMs = 5_000
/** Pause between two ticks: idle cost is one statement each, 3,600 an hour. */
export const tickMs = 1_000
/** The lease thread stops renewing when the main thread has not moved for so long. */
export const mainStalledMs = 60_000
/** Executions run in this time before their worker died count a takeover. */
export const takeoverWindowMs = 5_000
/** From so many takeovers in a row on, an execution runs with no other suspect beside it. */
export const takeoversSuspect = 2
/** At so many it is held as crash_loop. */
export const takeoversMax = 5

/** Transitions in one commit: keeps lock time and statement size bounded. */
export const batchTransitionsMax = 1_000
/** Bytes in one commit. */
export const batchBytesMax = 16 * 1024 * 1024
/** Waiting for another's lock on a row before that transition is set aside. */
export const lockTimeoutMs = 100

/** Ids: they are indexed. */
export const idCharactersMax = 1_000
