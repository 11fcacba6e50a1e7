/**
 * The store port. Three implementations: PostgreSQL, SQLite, and the in-memory model; one conformance suite.
 *
 * Rules for all of them:
 * - Every method is atomic. A rejected promise is one of the errors of `store-error.ts`; StoreOutcomeUnknownError alone
 *   leaves open whether the change was made.
 * - Times are milliseconds since the epoch by the store's clock. `now` comes in as a parameter where the caller's
 *   corrected clock will do.
 * - A message posted and acknowledged is either consumed by a transition or still in the inbox (no wake-up is lost):
 *   posting holds a shared lock on the execution's row; release and close lock the row first and look at the inbox in a
 *   later statement.
 */
import type { ActivityTask, TaskEnd } from '../protocol/activity-task.ts'
import type { ExecutionRecord, ExecutionStatus } from '../protocol/execution-record.ts'
import type { Incarnation, Millis, RunId } from '../protocol/ids.ts'
import type { InboxMessage, InboxPost, PostOutcome } from '../protocol/inbox-message.ts'
import type { NamespaceRecord, NewNamespace } from '../protocol/namespace.ts'
import type { Payload } from '../protocol/payload.ts'
import type { QueueLimits } from '../protocol/queue-limits.ts'
import type { CommitBatch, CommitOutcome, EventRecord, MessageText, StartRecord, UpdateStage } from '../protocol/transition.ts'

export interface WorkerRegistration {
  readonly namespace: string
  readonly identity: string
  readonly buildId: string
  readonly taskQueues: readonly string[]
  /** Told again by every tick; kept for people who ask what a queue's workers can run. */
  readonly workflowTypes: readonly string[]
  readonly activityTypes: readonly string[]
  readonly leaseMs: number
}

/** What a worker serves: sent with every tick and claim. */
export interface Serving {
  readonly incarnation: Incarnation
  readonly namespace: string
  readonly taskQueues: readonly string[]
  readonly workflowTypes: readonly string[]
  readonly activityTypes: readonly string[]
  readonly buildId: string
}

/** The fused tick: renews the lease and looks at everything periodic, in one statement. */
export interface Look {
  readonly now: Millis
  /** False: this incarnation is dead. */
  readonly alive: boolean
  /** Earliest wakeAt of an unowned, open execution it may claim (past: claim now; unread inbox counts as now). Null: none. */
  readonly claimAt: Millis | null
  /**
   * When a task waits that it may claim: its availableAt, or later, when the rate of its queue lets the next tasks begin. Null:
   * none waits, or all are of queues where as many run as may (the end of one is then hinted, and seen by the next tick).
   */
  readonly taskAt: Millis | null
  /** Which of the queues it serves have limits, in the order served: their activities run as tasks only, so that all are counted. */
  readonly limitedQueues: readonly string[]
  /** Earliest deadlineAt of any task in the namespace. Null: none. */
  readonly deadlineAt: Millis | null
  /** Earliest expiresAt of open executions in the namespace. Null: none has a timeout. */
  readonly expiresAt: Millis | null
  /** Executions of this incarnation have inbox messages. */
  readonly inbox: boolean
  /** Running tasks of this incarnation were asked to stop. */
  readonly cancelRequests: boolean
  /** Queries wait that this worker may answer. */
  readonly queries: boolean
  /** Live workers whose lease has not moved for at least one tick. */
  readonly suspects: readonly Suspect[]
}

export interface Suspect {
  readonly incarnation: Incarnation
  readonly renewedAt: Millis
}

export interface ClaimRequest extends Serving {
  readonly now: Millis
  readonly limit: number
  /** How many of them may be executions with takeovers >= 2 (they run one at a time). */
  readonly suspectLimit: number
}

/** All that is needed to run it without another round trip. Its firstTaskAt is set (to `now` when it was null). */
export interface ClaimedExecution {
  readonly execution: ExecutionRecord
  /** True when firstTaskAt was null: workflow code never ran. */
  readonly first: boolean
  readonly history: readonly EventRecord[]
  readonly tasks: readonly ActivityTask[]
  readonly inbox: readonly InboxMessage[]
}

export interface TerminateRequest {
  readonly namespace: string
  readonly workflowId: string
  readonly runId: RunId | null
  /** Default TERMINATED. */
  readonly status?: 'TERMINATED' | 'TIMED_OUT'
  /** As in Close: of one that goes on in a next run, its run id. Default: none. */
  readonly result?: Payload
  readonly failure: Payload
  readonly at: Millis
  /** As in Close; with a run id only. */
  readonly next?: StartRecord
}

export interface UpdateRequest {
  readonly namespace: string
  readonly workflowId: string
  readonly runId: RunId | null
  readonly updateId: string
  readonly message: MessageText
}

export type UpdateRequestOutcome =
  | { readonly type: 'requested'; readonly runId: RunId }
  /** This id was asked before: nothing was written. Also of a closed execution. */
  | { readonly type: 'known'; readonly runId: RunId; readonly state: UpdateState }
  | { readonly type: 'closed'; readonly runId: RunId }
  | { readonly type: 'not_found' }
  | { readonly type: 'busy' }

export interface UpdateKey {
  readonly runId: RunId
  readonly updateId: string
}

export interface UpdateState extends UpdateKey {
  readonly stage: UpdateStage
  readonly result: Payload | null
  readonly failure: Payload | null
  /** False: the execution has closed; what is not completed by now never will be. */
  readonly isOpen: boolean
}

export type TerminateOutcome =
  | { readonly type: 'terminated'; readonly runId: RunId }
  | { readonly type: 'closed'; readonly runId: RunId; readonly status: ExecutionStatus }
  | { readonly type: 'not_found' }

export interface QueryAsked {
  /** UUID made by the client. */
  readonly id: string
  readonly namespace: string
  readonly runId: RunId
  readonly taskQueue: string
  readonly name: string
  /** JSON array of the arguments. */
  readonly args: Payload
  readonly expiresAt: Millis
}

export type QueryReply =
  | { readonly type: 'answered'; readonly result: Payload }
  | { readonly type: 'failed'; readonly code: string; readonly message: string }

export interface ExecutionFilter {
  readonly namespace: string
  readonly workflowId?: string
  readonly workflowIdPrefix?: string
  readonly workflowType?: string
  readonly taskQueue?: string
  readonly statuses?: readonly ExecutionStatus[]
  readonly startedFrom?: Millis
  readonly startedBefore?: Millis
  readonly held?: boolean
}

export interface ListRequest extends ExecutionFilter {
  readonly limit: number
  /** Position after which to go on: (startedAt, runId) of the last one seen. Order: newest start first, then runId descending. */
  readonly after: { readonly startedAt: Millis; readonly runId: RunId } | null
}

/** Of the last overdue execution that was seen. */
export interface OverduePlace {
  readonly expiresAt: Millis
  readonly runId: RunId
}

export interface ClosedExecution {
  readonly runId: RunId
  readonly status: ExecutionStatus
  readonly result: Payload | null
  readonly failure: Payload | null
}

export interface WorkerRecord {
  readonly incarnation: Incarnation
  readonly identity: string
  readonly buildId: string
  readonly taskQueues: readonly string[]
  /** As of its last tick. */
  readonly workflowTypes: readonly string[]
  readonly activityTypes: readonly string[]
  readonly leaseMs: number
  readonly startedAt: Millis
  /** Its lease: renewed by the tick, and by a thread of its own while the main thread is busy. */
  readonly renewedAt: Millis
  /** Its last tick: the main thread moved then. */
  readonly tickedAt: Millis
  /** Behind a pooler: no process lock tells earlier that it died. */
  readonly leaseOnly?: boolean
  /** Nobody took over from it yet. It may be dead all the same: where no other worker runs, its lease (renewedAt + leaseMs) tells. */
  readonly alive: boolean
}

/** What a claim of tasks came to. */
export interface ClaimedTasks {
  readonly tasks: readonly ActivityTask[]
  /**
   * Tasks wait, this worker could take more, and only the rate of a queue forbids it: when some may begin again, by the clock of
   * `now`. Null: nothing of the kind; where as many tasks run as may, the end of one is hinted, and seen by the next tick.
   */
  readonly retryAt: Millis | null
}

/** A task queue as people ask for it. Counts end at `queueCountMax`. */
export interface QueueDescription {
  readonly namespace: string
  readonly taskQueue: string
  /** The store's time of this description. */
  readonly now: Millis
  readonly limits: QueueLimits
  /** Activities a second that began lately: a mean that forgets within seconds. Null: the queue has no limits, so nobody counts. */
  readonly activitiesPerSecondUsed: number | null
  /** Those that serve the queue and whose lease holds, in the order of their incarnations. */
  readonly workers: readonly WorkerRecord[]
  readonly executions: {
    /** Open, owned by nobody, not held, and claimable now: due by their wake time, or woken by a message. */
    readonly waiting: number
    /** The earliest wake time among them. Null: none was due by its wake time. */
    readonly waitingSince: Millis | null
  }
  readonly activities: {
    /** Tasks that a worker may take now. */
    readonly waiting: number
    /** The earliest time from which one of them could be taken. */
    readonly waitingSince: Millis | null
    /** Tasks that wait for the pause before their next attempt to end. */
    readonly delayed: number
    readonly running: number
    /** Of waiting and delayed tasks, by type, in the order of their names. */
    readonly types: readonly QueuedActivityType[]
  }
}

export interface QueuedActivityType {
  readonly activityType: string
  readonly waiting: number
  readonly waitingSince: Millis | null
  readonly delayed: number
  /** One of `workers` has it. */
  readonly served: boolean
}

/** Keeps the lease from a thread of its own while the main thread is busy, and holds the lock that dies with the process. */
export interface LeaseKeeper {
  /** Called by the main thread when it moved and when it renewed. */
  mainMoved(): void
  mainRenewed(): void
  /** Gives up lock and thread. Works twice. */
  stop(): Promise<void>
}

export interface Store {
  readonly kind: 'memory' | 'sqlite' | 'postgres'
  /** Where the data lies, for people; never a password. */
  readonly location: string
  /** What lies between and costs something (docs/postgres.md). Known once it is open. */
  readonly pooler?: 'transaction' | undefined
  /** A connection past the pooler carries hints and process locks. */
  readonly direct?: boolean
  /** While it commits, this process is free to go on: the database is another process. */
  readonly commitsAside?: boolean
  /** Connects, creates or migrates the schema (safe when many processes do so at once). Refuses a schema newer than the code. */
  open(): Promise<void>
  close(): Promise<void>
  /** Cheapest proof of life; returns the store's time. */
  ping(): Promise<Millis>

  registerWorker(registration: WorkerRegistration): Promise<{ readonly incarnation: Incarnation; readonly now: Millis }>
  keepLease(incarnation: Incarnation, leaseMs: number): Promise<LeaseKeeper>
  tick(serving: Serving, leaseMs: number): Promise<Look>
  /**
   * Marks a suspect dead if its renewedAt is still the one seen and (its process lock is free or its lease expired), waiting for its
   * commits in flight; where the process could take no lock (behind a pooler) only the lease counts. Frees its executions with
   * wakeAt = now, counts a takeover for those that were being run in the 5 s before its main thread last moved, and marks its
   * running tasks lost with deadlineAt = now. Returns whether it did.
   */
  takeOver(suspect: Suspect, leaseMs: number): Promise<boolean>
  /** A worker leaves in good order: like takeOver but counts nothing. */
  retireWorker(incarnation: Incarnation): Promise<void>
  listWorkers(namespace: string): Promise<readonly WorkerRecord[]>

  commit(batch: CommitBatch): Promise<CommitOutcome>
  claim(request: ClaimRequest): Promise<readonly ClaimedExecution[]>
  /**
   * One outcome for each, in their order: a held row makes its own messages `busy`, and no others wait for it. What is
   * posted is posted by one transaction: a rejected promise means that none was (or that nobody knows, as above).
   */
  post(posts: readonly InboxPost[]): Promise<readonly PostOutcome[]>
  /** Unread messages of executions that this incarnation owns, in id order, at most `limit`, skipping the ids it already holds. */
  readInbox(incarnation: Incarnation, known: readonly number[], limit: number): Promise<readonly InboxMessage[]>
  /** Unread messages of one execution, whoever owns it, in id order, at most `limit`. They stay unread. */
  readMessages(runId: RunId, limit: number): Promise<readonly InboxMessage[]>
  /** The fenced close from outside (I1's exception): waits for the owner's commit in flight at most a short lock timeout. */
  terminate(request: TerminateRequest): Promise<TerminateOutcome>
  /**
   * Open executions with expiresAt <= now, whoever owns them, the oldest first, then by run id; beyond `after`, where it is given. Two
   * workers may get the same one.
   */
  overdueExecutions(namespace: string, now: Millis, limit: number, after?: OverduePlace): Promise<readonly ExecutionRecord[]>

  /** One outcome for each, in their order. Row and message are one transaction. */
  requestUpdates(requests: readonly UpdateRequest[]): Promise<readonly UpdateRequestOutcome[]>
  /** Those that are known, in the order of the keys. */
  readUpdates(keys: readonly UpdateKey[]): Promise<readonly UpdateState[]>

  /**
   * Sets worker, startedAt = now, deadlineAt = min(now + runMs, closeBy). By priority, then availableAt. Takes no more of a queue
   * than its limits let begin, whoever else claims; where another claims of a queue with limits at this moment, it is not waited for.
   */
  claimTasks(serving: Serving, now: Millis, limit: number): Promise<ClaimedTasks>
  /** Tasks with deadlineAt <= now, oldest first. Two workers may get the same one: ending names the attempt. */
  expiredTasks(namespace: string, now: Millis, limit: number): Promise<readonly ActivityTask[]>
  /** One result per end: true when it took effect. */
  endTasks(ends: readonly TaskEnd[]): Promise<readonly boolean[]>
  /** Stores details, extends deadlineAt to min(now + runMs, closeBy, startedAt + start-to-close); returns which are to stop or gone. */
  heartbeatTasks(beats: readonly TaskBeat[]): Promise<readonly BeatOutcome[]>
  /** Running tasks of this incarnation with cancelRequested. */
  cancelledTasks(incarnation: Incarnation): Promise<readonly Pick<ActivityTask, 'runId' | 'command' | 'attempt'>[]>

  /**
   * Limits of a queue over all workers; those left out stay as they are, null takes one away. A rate begins with its burst.
   * Workers learn of them by their next tick.
   * @throws PerdureError QUEUE_LIMITS_INVALID
   */
  setQueueLimits(namespace: string, taskQueue: string, limits: Partial<QueueLimits>): Promise<void>
  /** Any name may be asked for: a queue is what is served, limited or waited in. */
  describeQueue(namespace: string, taskQueue: string): Promise<QueueDescription>
  /** Every queue that has limits, a worker whose lease holds, open executions that nobody owns, or tasks; in the order of their names. */
  listQueues(namespace: string): Promise<readonly string[]>

  /**
   * The namespace 'default' is always there. What is started, asked or claimed in a namespace that was never created works all
   * the same: who wants it refused looks for it first. Retention is stored, and not enforced yet.
   * @throws PerdureError NAMESPACE_INVALID
   */
  createNamespace(namespace: NewNamespace): Promise<'created' | 'exists'>
  getNamespace(name: string): Promise<NamespaceRecord | undefined>
  /** In the order of their names. */
  listNamespaces(): Promise<readonly NamespaceRecord[]>

  readHistory(runId: RunId, afterSeq: number, limit: number): Promise<readonly EventRecord[]>
  readTasks(runId: RunId): Promise<readonly ActivityTask[]>
  /** The run named, or else the open one, or else the one started last. A workflowId of null stands for any; then a run is named. */
  getExecution(namespace: string, workflowId: string | null, runId: RunId | null): Promise<ExecutionRecord | undefined>
  /** Those of the runs that are closed. */
  readClosed(runIds: readonly RunId[]): Promise<readonly ClosedExecution[]>
  listExecutions(request: ListRequest): Promise<readonly ExecutionRecord[]>
  countExecutions(filter: ExecutionFilter): Promise<number>

  askQuery(query: QueryAsked): Promise<void>
  /**
   * Takes unanswered, unexpired queries: of runs it owns, and of unowned or closed ones on its queues and of its types.
   * Also deletes long-expired ones.
   */
  claimQueries(serving: Serving, now: Millis, limit: number): Promise<readonly QueryAsked[]>
  answerQuery(id: string, reply: QueryReply): Promise<void>
  /** The reply, once; reading it deletes the query. */
  takeReply(id: string): Promise<QueryReply | undefined>
}

export interface TaskBeat {
  readonly runId: RunId
  readonly command: number
  readonly attempt: number
  readonly details: Payload | null
  readonly now: Millis
  readonly deadlineAt: Millis | null
}
export type BeatOutcome = 'ok' | 'cancel_requested' | 'gone'
