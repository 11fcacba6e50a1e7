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
/** Nobody takes over from a worker whose lease moved so lately, whatever else has become of it (see `suspects` of the stores). */
export const leaseFreshMs = 1.2 * tickMs
/** The lease thread stops renewing when the main thread has not moved for so long. */
export const mainStalledMs = 60_000
/** A process that exits leaves its lease threads so long to close what would keep it. */
export const exitWaitMs = 200
/** A main thread that has not moved for so long is reported, with the place where it is. */
export const stallToldMs = 5_000
/** Executions run in this time before their worker died count a takeover. */
export const takeoverWindowMs = 5_000
/** From so many takeovers in a row on, an execution is taken up with no other suspect beside it. */
export const takeoversSuspect = 2
/** At so many it is held as crash_loop. */
export const takeoversMax = 5

/** Transitions in one commit: keeps lock time and statement size bounded. */
export const batchTransitionsMax = 1_000
/** The same where a commit leaves this process free: code of other executions runs meanwhile, and larger ones gain nothing. */
export const batchAsideMax = 250

/** Transitions, or starts, in one commit of this store. */
export function batchMaxOf({ commitsAside }: { readonly commitsAside?: boolean }): number {
  return commitsAside === true ? batchAsideMax : batchTransitionsMax
}

/** From so many on, a commit that follows none is sent in two halves. */
export const batchSplitMin = 64
/** Events and messages of one execution that wait for what follows them in the next turn, in a process that its commits hold up. */
export const gatheredMax = 32
export const gatheredBytesMax = 1024 * 1024
/** Bytes of the texts in one commit, as they are given to the store; one transition may have more. */
export const batchBytesMax = 16 * 1024 * 1024
/** Waiting for another's lock on a row before that transition is set aside. */
export const lockTimeoutMs = 100

/** Longest pause between two tries of a commit while the database is away. */
export const commitRetryMsMax = 1_000
/** A commit that others hold up is told of after so many tries, which take more than a second. */
export const busyTriesTold = 8
/** Executions stepped in one turn of the activation loop: keeps a turn short enough for I/O. */
export const activationsPerTurnMax = 2_000
/** Texts of activity options whose meaning is kept: programs have tens of them, unless they compute timeouts. */
export const decodedOptionsMax = 1_000
/** Steps of a read-only replay in one turn of the event loop: doubles from the first to the last, whose time is a few milliseconds. */
export const replayStepsFirst = 4
export const replayStepsMax = 256
/** Executions claimed in one round trip, and by the first of a worker, which knows nothing of their histories yet. */
export const claimMax = 200
export const firstClaimMax = 20
/** Histories that wait for their replay: before the next would be more, they are replayed. How often that is looked at. */
export const claimedBytesMax = 64 * 1024 * 1024
export const claimPauseMs = 10
/** Inbox messages, expired tasks and queries read in one round trip. */
export const readMax = 500
/** A queue's rate over all workers: slower is a schedule, faster is no limit; and tasks of a queue that run at once. */
export const queueRateMin = 0.001
export const queueRateMax = 1_000_000
export const queueConcurrencyMax = 1_000_000
/** So much of a second's activities of a queue may begin at once; a worker that found none allowed looks again when so much is. */
export const queueBurstShare = 0.2
export const queueRefillShare = 0.1
/** The mean rate that is shown forgets what is older than a few times this. */
export const queueRateWindowMs = 5_000
/** Another worker claims of the same limited queue: look again after so long. */
export const queueBusyMs = 10
/** What waits in a queue is counted so far: people read it, and counting a million rows holds up others. */
export const queueCountMax = 100_000
/** Whoever has the token of a running attempt may come before its row, which is written then: so long it is looked for. */
export const completionWaitMs = 2_000
export const completionPauseMs = 50
/** An activity has waited so long in a queue that nobody serves: it is told. A worker that restarts takes less. */
export const unservedToldMs = 10_000
/** So many such queues are told of, for each worker. */
export const unservedQueuesMax = 100
/** Names of namespaces are seen in addresses and file names. */
export const namespaceCharactersMax = 255
/** Descriptions of namespaces: a sentence or two. */
export const namespaceDescriptionCharactersMax = 1_000
/** A local activity waits so long in memory for a slot before it becomes a row that others may run: a few commits' time. */
export const localWaitMs = 50
/** A local activity gets a row after so long, so that it can be seen. */
export const activityVisibleMs = 1_000
/** Pause before a held execution is tried again: doubles from the first to the last. */
export const heldRetryMsMin = 1_000
export const heldRetryMsMax = 60_000
/** Heartbeats are stored after this share of the heartbeat timeout, or after this time when there is none. */
export const heartbeatShare = 0.8
export const heartbeatStoreMs = 10_000
/** Whether an attempt without heartbeats is still wanted is asked so often: one statement for all of a worker. */
export const silentAskMs = 10_000
/** A heartbeat that could not be stored, or whose row is being written, waits from the first to the last: the database may be away. */
export const heartbeatRetryMsMin = 50
export const heartbeatRetryMsMax = 1_000
/** An execution idle for so long is released, so that a crash frees few. */
export const idleReleaseMs = 30_000
/** The same where all places are taken and others wait for one: parents that wait for their children may hold them all. */
export const placeReleaseMs = 1_000
/** A row locked by a sender: pauses before the transition is sent again, from the first, doubling to the last. Senders may be slow. */
export const lockedRetryMs = 10
export const lockedRetryMsMax = 160
/** Executions past their timeout that are read at once; each is ended by a statement of its own. */
export const overdueRunsMax = 100
/** One that could not be ended rests for so long, doubling from the first to the last; so many are remembered, others do not rest. */
export const overdueRetryMsMin = 500
export const overdueRetryMsMax = 60_000
export const overdueRestingMax = 10_000
/** Pauses before a request to another execution is sent again, while somebody holds that execution's row or its workflow id. */
export const outgoingRetryMs = 10
export const outgoingRetryMsMax = 1_000

/** Starts and signals of one client that wait for the database; more mean that the caller does not await them. */
export const clientPendingMax = 100_000
/** A start, signal or terminate meets a locked row: how long and how often it tries again. */
export const busyWaitMs = 5_000
export const busyRetryMsMin = 2
export const busyRetryMsMax = 250
/** A client waiting for results asks again after so long: growing from the first, to the last for waits older than resultLongMs. */
export const resultPollMsMin = 5
export const resultPollMsMax = 250
export const resultLongMs = 10_000
export const resultLongPollMs = 1_000
/** The same for executions that a worker of this process owns: it tells of the close itself, so asking is for accidents. */
export const resultLocalPollMs = 100
/** Runs asked about in one round trip. */
export const resultPollRunsMax = 1_000
/** A start with a message whose execution is open, but closes before it gets the message, is begun again so often. */
export const withStartLooksMax = 10
/** Pause between tries while the database is away. */
export const resultUnavailableMsMax = 5_000
/** Closes remembered that nobody waited for yet, and up to which size with their payload. */
export const recentClosesMax = 10_000
export const recentCloseCharactersMax = 1_024
/** A result is awaited for so long before a worker that was never started is said to be missing. */
export const idleWorkerWarnMs = 3_000
/** When the time of somebody who waits is over, the look at how the execution stands may take so long. */
export const timeoutLookMs = 1_000
/** So many children of an execution are looked at for what keeps it waiting. */
export const childrenLookedAtMax = 20
/** Causes in the one line of an error, and how much of each. */
export const causesShownMax = 10
export const causeShownCharactersMax = 500
/** A query waits so long for an answer, and asks for it in growing pauses. */
export const queryTimeoutMs = 10_000
export const queryPollMsMin = 2
/** Starts under way in the worker of this process: each has its code in memory before it is durable. */
export const ownedStartsMax = 500
/** Starts of one startMany() under way at once; they share commits. */
export const startsAtOnce = 5_000
/** A description asks a worker what the execution waits for, and does without when none answers so soon. */
export const waitsTimeoutMs = 1_000
export const queryPollMsMax = 200
/** Queries that a worker has taken and not answered yet: one round trip's worth, so that a few slow ones hold up none. */
export const queriesPendingMax = 500
/** Of those, how many replay a history, and how many store their answer, at once: the rest of the worker needs its connections. */
export const queryReplaysMax = 16
export const queryAnswersMax = 16
/** Queries of this process that wait for a replay; more mean that the caller does not await them. */
export const queryReplaysWaitingMax = 10_000
/** Unread messages that a query's replay sees: more than an execution can take before its history is full. */
export const queryMessagesMax = historyEventsMax
/** Pause before an answer is sent again. */
export const queryRetryMs = 100
/** Executions on one page of a list. */
export const listLimitDefault = 100
export const listLimitMax = 1_000
/** Events of a history read in one round trip by a client. */
export const historyPageMax = 2_000
/** Correction of the clock: one that is behind is set at once, one that is ahead by no more than the jump in parts. */
export const clockJumpMs = 1_000
export const clockCorrectionShare = 1 / 16
/** A process that waits for results says so this often (half of it); for so long others hint of their closes. */
export const waitingHintMs = 10_000
/** An execution that waits for nothing of ours stays in memory for so long: what it awaits may be foreign, and is then seen. */
export const foreignGraceMs = 1_000
/** A pace lets so much of a second's activities begin at once, and the rest evenly. */
export const paceBurstShare = 0.2
/** A query waits so many turns of the event loop, and so long, for an execution that has just got messages to come to rest. */
export const queryRestTurnsMax = 1_000
export const queryRestMs = 200
/** One that sleeps for so long leaves a full cache at once: to claim it again costs less than to keep it. */
export const longSleepMs = 1_000
/** Executions looked at, besides two for each that came to rest, for some that may leave a full cache: those in use go to its end. */
export const trimLooksMax = 64
