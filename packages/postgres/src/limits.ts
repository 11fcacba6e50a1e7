/** Bounds of the PostgreSQL store, each with its reason. (I9) Those that other stores share lie in the engine's limits. */

/** Connections for all but commits: claims, ticks, reads and messages are short, and servers have few connections to give. */
export const readerConnectionsMax = 3

/** How long a call looks for a server that is away: a restart of a minute is the worker's matter, a dropped connection ours. */
export const reconnectMs = 1_000
export const reconnectPauseMs = 50
export const reconnectPauseMsMax = 400
/** One attempt to connect. Longer at the first opening: a server that sleeps takes seconds to wake. */
export const connectTimeoutMs = 2_000
export const firstConnectTimeoutMs = 15_000
/** No answer for so long: the connection is given up, its statement's outcome unknown. Keep-alive takes minutes to see it. */
export const answerTimeoutMs = 30_000
/** A server closes its end of a connection at once; one that has not by then is frozen or out of reach, and does not keep us. */
export const goodbyeMs = 1_000
export const keepAliveDelayMs = 10_000
/** How often two connections are compared before they count as sessions: each look of a busy pooler has a chance to mislead. */
export const poolerLooks = 8
/**
 * A process that was frozen or lost between the statements of a transaction holds its locks no longer than its lease. Without a
 * pooler no transaction has several statements.
 */
export const openTransactionMs = 5_000

/** Waiting for row locks outside commits: takeovers wait for the victim's commits in flight. */
export const readerLockTimeoutMs = 1_000
/** A workflow id that was locked lately: its start waits by itself, and only so long, to keep its neighbours going. */
export const apartWaitMs = 5
export const busyRememberedMs = 10_000
export const busyRememberedMax = 10_000

/** The lease thread looks so often, renews when the main thread has not for so long, and gives a statement so long. */
export const leaseCheckMs = 250
export const leaseRenewAfterMs = 1_500
export const leaseAnswerMs = 3_000

/** Rows of dead workers are kept for people to look at. */
export const deadWorkersKeptMs = 7 * 24 * 3_600_000

/** Hints of so many milliseconds go out as one NOTIFY. */
export const hintPauseMs = 5
/** PostgreSQL's limit is 8,000 bytes. */
export const hintBytesMax = 7_900
export const listenRetryMs = 200
export const listenRetryMsMax = 5_000
