/**
 * What one commit writes. Plain data; stores implement it, the worker and the client build it.
 */
import type { ActivityTask } from './activity-task.ts'
import type { ClosedStatus, ExecutionStatus, Held, ParentLink } from './execution-record.ts'
import type { CommandNumber, Incarnation, Millis, RunId } from './ids.ts'
import type { Payload } from './payload.ts'

/** One row of `history`, as stored: `data` is the event codec's text. */
export interface EventRecord {
  /** From 1, without gaps. */
  readonly seq: number
  readonly type: string
  readonly at: Millis
  readonly data: string
}

export type IdReusePolicy = 'ALLOW_DUPLICATE' | 'ALLOW_DUPLICATE_FAILED_ONLY' | 'REJECT_DUPLICATE'
export type IdConflictPolicy = 'FAIL' | 'USE_EXISTING' | 'TERMINATE_EXISTING'

/** A new execution. It is inserted only if no open execution has its (namespace, workflowId) and the reuse policy allows it. */
export interface StartRecord {
  readonly namespace: string
  readonly workflowId: string
  /** Made by the client: an unknown outcome is resolved by looking for it. */
  readonly runId: RunId
  readonly workflowType: string
  readonly taskQueue: string
  readonly priority: number
  readonly input: Payload
  readonly memo: Payload | null
  readonly searchAttributes: Payload | null
  readonly startedAt: Millis
  /** Runnable from then when unowned (start delay); owned starts pass startedAt. */
  readonly wakeAt: Millis
  readonly reusePolicy: IdReusePolicy
  readonly conflictPolicy: IdConflictPolicy
  /** True: owned by the batch's incarnation from the start, firstTaskAt = startedAt. */
  readonly owned: boolean
  /** Absent: the first run of a chain, nobody's child, without timeouts, messages and details. */
  readonly link?: StartLink
}

export interface StartLink {
  /** Of the first run of the chain (continue as new, retries). */
  readonly firstRunId: RunId
  readonly parent: ParentLink | null
  /** When any worker ends it as TIMED_OUT: the earlier of run and execution timeout. */
  readonly expiresAt: Millis | null
  /** StartDetails as JSON: what workers and clients read, and the store only keeps. */
  readonly details: Payload | null
  /** In its inbox from the start. With an updateId, the row in `updates` too. */
  readonly messages: readonly StartMessage[]
}

export interface StartMessage {
  readonly type: string
  readonly data: string
  readonly updateId: string | null
}

/** An event for an inbox: type and text as in EventRecord. */
export interface MessageText {
  readonly type: string
  readonly data: string
}

/**
 * What an execution asks of others. The store does it and inserts `done` or `refused` into the inbox of the asking
 * execution, in the same transaction (docs/decisions/0005-between-executions.md).
 */
export type Outgoing = OutgoingStart | OutgoingMessage

export interface OutgoingStart {
  readonly type: 'start'
  readonly command: CommandNumber
  /** Its link names this run as the parent. A run that exists already is done. Its conflict policy is not TERMINATE_EXISTING. */
  readonly start: StartRecord
  readonly done: MessageText
  readonly refused: MessageText
}

export interface OutgoingMessage {
  readonly type: 'message'
  readonly command: CommandNumber
  readonly to: MessageTarget
  readonly message: MessageText
  /** Where only a closed execution is there, nothing needs to be posted: it is done. Default: it is refused. */
  readonly closedIsDone?: boolean
  readonly done: MessageText
  /** There is no such open execution. */
  readonly refused: MessageText
}

export interface MessageTarget {
  readonly namespace: string
  readonly workflowId: string
  /** Null: the open run, whichever it is. */
  readonly runId: RunId | null
  /** Not null: only a run of the chain that began with this one. */
  readonly firstRunId: RunId | null
}

/** busy: nothing of it was written, since somebody holds what it needs; send it again. */
export type OutgoingOutcome = 'done' | 'refused' | 'busy'

/** How far an update has come, told by the owner of its execution. */
export interface UpdateChange {
  readonly updateId: string
  readonly stage: UpdateStage
  readonly result: Payload | null
  readonly failure: Payload | null
}

/** admitted: in the inbox. rejected: it leaves no trace in the history, and its id may be asked again. */
export type UpdateStage = 'admitted' | 'accepted' | 'completed' | 'rejected'

/**
 * Everything one commit writes for one execution. Applied only if the execution is open and owned by the batch's
 * incarnation (one started in the same batch counts).
 */
export interface Transition {
  readonly runId: RunId
  readonly events: readonly EventRecord[]
  /** Inbox rows that the events came from; they are deleted. */
  readonly consumed: readonly number[]
  /** Rows to insert into activity_tasks; a row that exists for (runId, command) is left as it is. */
  readonly tasks: readonly ActivityTask[]
  /** Commands whose running tasks are asked to stop: sets cancelRequested. */
  readonly cancelTasks: readonly CommandNumber[]
  /** Ends the execution: status, result, failure, closedAt; owner, wakeAt and held become null. Its tasks and inbox rows are deleted. */
  readonly close: Close | null
  /** Gives up ownership (and sets held, or clears it). */
  readonly release: Release | null
  /** Sets takeovers to 0. */
  readonly resetTakeovers: boolean
  /** What it asks of others, in order. Not together with a close or a release. */
  readonly outgoing?: readonly Outgoing[]
  /** Moves the rows of `updates`; one that is not there (its request came from nobody who waits) is inserted. */
  readonly updates?: readonly UpdateChange[]
  /** New whole values of these columns; absent ones stay. */
  readonly upsert?: { readonly memo?: Payload; readonly searchAttributes?: Payload; readonly details?: Payload }
}

export interface Close {
  readonly status: ClosedStatus
  readonly result: Payload | null
  readonly failure: Payload | null
  readonly at: Millis
  /** It has started children: those that are open are ended by their policies. */
  readonly hasChildren?: boolean
  /**
   * The run that goes on with this workflow id, inserted after the close. It has the parent of the run that closes, which is not told
   * of this close.
   */
  readonly next?: StartRecord
}

/**
 * An execution that waits is released only while its inbox holds nothing unread: the message would be its wake-up. One
 * that is held is not woken by messages, so unread ones do not refuse its release: they stay for whoever claims it.
 */
export interface Release {
  readonly wakeAt: Millis | null
  readonly held: Held | null
  /** With `held`: its first activation failed, so nobody has run it yet. Its firstTaskAt becomes null again. */
  readonly unbegun?: true
}

export interface CommitBatch {
  /** The worker that commits; null: a producer, which may only start unowned executions. */
  readonly incarnation: Incarnation | null
  readonly starts: readonly StartRecord[]
  /** At most one per run: stores refuse a batch with two (StoreRejectedError), so that they may work on whole sets. */
  readonly transitions: readonly Transition[]
}

export type StartOutcome =
  | { readonly type: 'started' }
  /**
   * An open execution holds the id, or the reuse policy forbids it (status is then a closed one), or this very run was
   * started before (the run id is then the start's own: a repeated start is harmless).
   */
  | { readonly type: 'exists'; readonly runId: RunId; readonly status: ExecutionStatus }
  /** The id is locked by somebody's open transaction; nothing was written; try again. */
  | { readonly type: 'busy' }

/**
 * ok: all of it is durable. kept: all of it but the release (a message is unread and the release does not hold, or a
 * sender holds the row).
 * lost: not open or not owned by the batch's incarnation; nothing written. unread: a close refused because the inbox
 * holds a message that is not among `consumed`. locked: a close refused, or any transition delayed, because the row is
 * locked by a sender; nothing written, try again.
 */
export type TransitionOutcome = 'ok' | 'kept' | 'lost' | 'unread' | 'locked'

export type CommitOutcome =
  /** The incarnation is dead: nothing was written, and it never may write again (I4). */
  | { readonly type: 'fenced' }
  | {
    readonly type: 'committed'
    readonly starts: readonly StartOutcome[]
    readonly transitions: readonly TransitionOutcome[]
    /** Of each transition that had `outgoing` and was carried out, in the order of its requests. Absent: no transition had. */
    readonly outgoing?: ReadonlyMap<RunId, readonly OutgoingOutcome[]>
  }
