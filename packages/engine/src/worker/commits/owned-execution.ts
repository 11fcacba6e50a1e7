/** What a worker knows of one execution that it owns. Plain state; the loops of this folder change it. */
import type { CompleteUpdate } from '../../execution/command.ts'
import type { LiveExecution } from '../../execution/live-execution.ts'
import { SeldomMap, SeldomSet } from '../../execution/seldom.ts'
import type { ActivityTask } from '../../protocol/activity-task.ts'
import type { HistoryEvent, InboxRequest } from '../../protocol/event.ts'
import type { ExecutionRecord } from '../../protocol/execution-record.ts'
import type { CommandNumber, Millis, RunId } from '../../protocol/ids.ts'
import type {
  Close, EventRecord, Outgoing, Release, StartOutcome, StartRecord, Transition, UpdateChange,
} from '../../protocol/transition.ts'
import type { ActivityRun } from '../attempts/activity-run.ts'
import { TargetQueues } from './target-queues.ts'

/** An event that is not in the history yet. */
export interface Input {
  readonly event: HistoryEvent | InboxRequest
  /** Its stored form, when it came from the inbox. */
  readonly data: string | undefined
  readonly inboxId: number | undefined
  /** It cannot be read; `event` is a placeholder. It stays unread and holds its execution. */
  readonly unreadable: Error | undefined
}

/** A run of workflow code from what is not in the history yet, until it comes to rest: when it fails, it is as if it had not been. */
export interface Activation {
  /** Last number of the history in front of it. */
  readonly from: number
  readonly inputs: Input[]
}

export interface Replay {
  readonly events: readonly EventRecord[]
  /** Of their texts. */
  readonly bytes: number
  next: number
  /** Activities whose cancellation was asked for in the replayed part. */
  readonly cancelled: SeldomSet<CommandNumber>
  /** Updates that the code completed and whose completion the history has not shown yet. */
  readonly completed: SeldomMap<string, CompleteUpdate>
  /** Memo or search attributes were changed. */
  upserted: boolean
}

/**
 * open: may be woken. loading: its history is being read. closing: its close is being committed. leaving: its release
 * is being committed. gone: no longer ours; everything about it is ignored.
 */
export type Phase = 'open' | 'loading' | 'closing' | 'leaving' | 'gone'

export interface PendingStart {
  readonly record: StartRecord
  readonly settle: (outcome: StartOutcome) => void
  readonly reject: (error: Error) => void
}

/** What will be written for one execution by the next commit, with what waits for it. */
export interface CommitUnit {
  readonly owned: OwnedExecution
  /** It waits for the next commit; it may still change until then. */
  queued: boolean
  /** How often in a row its row was locked by another. */
  lockedTries: number
  start: PendingStart | undefined
  readonly events: EventRecord[]
  readonly consumed: number[]
  readonly tasks: ActivityTask[]
  readonly cancelTasks: CommandNumber[]
  close: Close | null
  release: Release | null
  resetTakeovers: boolean
  readonly outgoing: Outgoing[]
  readonly updates: UpdateChange[]
  upsert: Transition['upsert']
  /** The inputs that became `events`, or that nobody waited for any more: applied again when a close is refused. */
  readonly causes: Input[]
  /** Of attempts that failed after the code had gone on without them: written when it turns out that it has not. */
  readonly retries: ActivityTask[]
  /** Run once it is durable (I3), in order. */
  readonly effects: (() => void)[]
  /** Run when it will never be durable, to give back what was reserved. */
  readonly undo: (() => void)[]
}

/** Its place among those in memory, by last use, and the bytes of its history then. */
export interface Use {
  older: OwnedExecution | undefined
  newer: OwnedExecution | undefined
  bytes: number
}

export interface OwnedExecution {
  readonly runId: RunId
  readonly record: ExecutionRecord
  readonly claimedAt: Millis
  /** Its code ran in this process from its first line on. */
  isOurs: boolean
  phase: Phase
  live: LiveExecution | undefined
  use: Use | undefined
  /** When its code last came to rest; 0: it has not. */
  restedAt: Millis
  /** It waits for the next turn of the activation loop. */
  ready: boolean
  /** It was woken while its code was out of memory and a commit under way: it is woken again when that is durable. */
  wanted: boolean
  begun: boolean
  settling: boolean
  activation: Activation | undefined
  /** Nothing shows that its code has ever come to rest, here or anywhere: nothing of it is durable, and none of its activities ran. */
  fresh: boolean
  /** Activities that wait without a row have spent an attempt: the worker that ran them died, and no code has dealt with it since. */
  spent: boolean
  /** Takeovers in a row, until it gets on (executions/takeover-count.ts). */
  takeovers: number
  /** Activities an attempt of which may have been lost with a worker: they may be what killed it. */
  readonly doubtful: SeldomSet<CommandNumber>
  /** Activities whose cancellation is being committed, and those whose cancellation was carried out here. */
  readonly cancelling: SeldomSet<CommandNumber>
  readonly cancelled: SeldomSet<CommandNumber>
  replay: Replay | undefined
  /** Last number and bytes of the history, uncommitted events included. */
  seq: number
  /** Last number of those that are durable, as far as this incarnation wrote or claimed them. */
  storedSeq: number
  bytes: number
  lastAt: Millis
  inputs: Input[]
  /** Inbox rows that are in `inputs` or in a unit that is not committed. */
  readonly known: SeldomSet<number>
  /** Inbox rows that were consumed: a read that began before may still bring them. */
  readonly done: SeldomSet<number>
  readonly running: SeldomMap<CommandNumber, ActivityRun>
  /** Activities that have a row in activity_tasks, with their types. */
  readonly rows: SeldomMap<CommandNumber, string>
  /** Local activities that begin when their unit is durable, or wait for a slot. */
  starting: number
  /** Those that wait for a slot. */
  readonly waiting: SeldomSet<CommandNumber>
  /** What it asked of others by this incarnation, and how many of these requests are not carried out yet (outgoing-requests.ts). */
  readonly asked: SeldomSet<CommandNumber>
  readonly targets: TargetQueues
  asking: number
  askTries: number
  /** Places of this worker that are reserved for children, by the commands that ask for them: what gives them back. */
  readonly places: SeldomMap<CommandNumber, () => void>
  /** The unit that still takes changes, and the one that is being committed. */
  unit: CommitUnit | undefined
  sent: CommitUnit | undefined
  /** The one that will never be durable: while it is undone, and where its close was refused until the code is run again. */
  refused: CommitUnit | undefined
  timerAt: Millis | null
  stopTimer: (() => void) | undefined
  holdFailure: Error | undefined
}

export function replayOf(events: readonly EventRecord[]): Replay {
  const bytes = events.reduce((sum, { data }) => sum + data.length, 0)
  return { events, bytes, next: 0, cancelled: new SeldomSet(), completed: new SeldomMap(), upserted: false }
}

export function ownedExecution(record: ExecutionRecord, claimedAt: Millis): OwnedExecution {
  return {
    runId: record.runId, record, claimedAt, isOurs: false, phase: 'open', live: undefined, use: undefined, restedAt: 0,
    ready: false, wanted: false, begun: false, settling: false, activation: undefined, fresh: false, replay: undefined,
    spent: false, takeovers: record.takeovers, doubtful: new SeldomSet(), cancelling: new SeldomSet(), cancelled: new SeldomSet(),
    seq: 0, storedSeq: 0, bytes: 0,
    lastAt: record.firstTaskAt ?? record.startedAt, inputs: [], known: new SeldomSet(), done: new SeldomSet(),
    running: new SeldomMap(), rows: new SeldomMap(), starting: 0, waiting: new SeldomSet(), asked: new SeldomSet(),
    targets: new TargetQueues(), asking: 0, askTries: 0, places: new SeldomMap(),
    unit: undefined, sent: undefined, refused: undefined, timerAt: null, stopTimer: undefined, holdFailure: undefined,
  }
}

/** It waits for nothing that only this process can deliver. */
export function isIdle(owned: OwnedExecution): boolean {
  if (owned.phase !== 'open' || owned.inputs.length > 0 || owned.starting > 0 || owned.asking > 0) return false
  if (owned.replay !== undefined || owned.settling) return false
  for (const run of owned.running.values()) if (run.row !== 'written') return false
  return owned.live === undefined || (owned.begun && !owned.live.activating && owned.live.outcome === undefined)
}
