/**
 * The rows of the in-memory store, and how they change: every write goes through `set` or `append`, which remember how
 * to undo it, so that a method that throws leaves nothing behind. Rows are never changed in place.
 */
import { StoreRejectedError } from '@perdure/engine'
import type {
  ActivityTask, EventRecord, ExecutionRecord, Incarnation, InboxMessage, Millis, NamespaceRecord, QueryAsked, QueryReply, QueueState, RunId,
  UpdateChange, UpdateKey, WorkerRegistration,
} from '@perdure/engine'

export interface ExecutionRow extends ExecutionRecord {
  /** When its owner got it: decides whether a death counts against it. */
  readonly claimedAt: Millis | null
}

export interface WorkerRow extends WorkerRegistration {
  readonly incarnation: Incarnation
  readonly startedAt: Millis
  /** Lease: moved by tick and by the lease keeper. */
  readonly renewedAt: Millis
  /** Moved by tick alone: the main thread lived then. */
  readonly tickedAt: Millis
  readonly alive: boolean
}

export interface QueryRow extends QueryAsked {
  readonly claimedBy: Incarnation | null
  readonly reply: QueryReply | null
}

/** Limits of one queue. */
export interface QueueRow extends QueueState {
  readonly namespace: string
  readonly taskQueue: string
}

export class MemoryData {
  readonly executions = new Map<RunId, ExecutionRow>()
  /** Runs of one workflow id, in the order of their insertion; the key is made by workflowKey. */
  readonly runs = new Map<string, readonly RunId[]>()
  readonly open = new Map<RunId, true>()
  readonly history = new Map<RunId, EventRecord[]>()
  readonly inbox = new Map<RunId, InboxMessage[]>()
  readonly tasks = new Map<RunId, readonly ActivityTask[]>()
  readonly workers = new Map<Incarnation, WorkerRow>()
  /** Incarnations whose lease keeper runs: the process lock. */
  readonly locks = new Set<Incarnation>()
  readonly queries = new Map<string, QueryRow>()
  /** The key is made by updateKey. */
  readonly updates = new Map<string, UpdateChange>()
  /** Queues with limits; the key is made by queueKey. */
  readonly queues = new Map<string, QueueRow>()
  readonly namespaces = new Map<string, NamespaceRecord>()
  readonly now: () => Millis
  #undo: (() => void)[] = []
  #lastNumber = 0

  constructor(now: () => Millis) {
    this.now = now
    this.namespaces.set('default', { name: 'default', description: '', retentionMs: null, createdAt: now() })
  }

  /** Runs one method of the store: all of its writes, or none. */
  atomic<T>(work: () => T): T {
    this.#undo = []
    try {
      return work()
    } catch (error) {
      for (const undo of this.#undo.reverse()) undo()
      throw error
    }
  }

  /** Numbers of incarnations and messages: never used twice. */
  nextNumber(): number {
    return ++this.#lastNumber
  }

  set<K, V>(map: Map<K, V>, key: K, value: V | undefined): void {
    const before = map.get(key)
    this.#undo.push(() => put(map, key, before))
    put(map, key, value)
  }

  putExecution(row: ExecutionRow): void {
    const key = workflowKey(row)
    if (!this.executions.has(row.runId)) this.set(this.runs, key, [...(this.runs.get(key) ?? []), row.runId])
    this.set(this.executions, row.runId, row)
    this.set(this.open, row.runId, row.status === 'RUNNING' ? true : undefined)
  }

  appendEvent(runId: RunId, event: EventRecord): void {
    let events = this.history.get(runId)
    if (events === undefined) this.history.set(runId, (events = []))
    const at = events.findLastIndex(existing => existing.seq <= event.seq)
    if (at >= 0 && events[at]?.seq === event.seq) {
      throw new StoreRejectedError(`Run ${runId} has an event ${event.seq} already: two writers, or a commit repeated`)
    }
    events.splice(at + 1, 0, { seq: event.seq, type: event.type, at: event.at, data: event.data })
    const list = events
    this.#undo.push(() => void list.splice(at + 1, 1))
  }

  eventsOf(runId: RunId): readonly EventRecord[] {
    return this.history.get(runId) ?? []
  }

  inboxOf(runId: RunId): readonly InboxMessage[] {
    return this.inbox.get(runId) ?? []
  }

  tasksOf(runId: RunId): readonly ActivityTask[] {
    return this.tasks.get(runId) ?? []
  }

  allTasks(): readonly ActivityTask[] {
    return [...this.tasks.values()].flat()
  }

  setTasks(runId: RunId, tasks: readonly ActivityTask[]): void {
    this.set(this.tasks, runId, tasks.length === 0 ? undefined : tasks)
  }

  /** In place: thousands may be posted to one execution. */
  addMessage(message: InboxMessage): void {
    const list = this.inbox.get(message.runId)
    if (list === undefined) return this.set(this.inbox, message.runId, [message])
    list.push(message)
    this.#undo.push(() => void list.pop())
  }

  /** Those that were read are mostly the first. */
  removeMessages(runId: RunId, consumed: readonly number[]): void {
    if (consumed.length === 0) return
    const kept = [...this.inboxOf(runId)]
    for (const id of consumed) {
      const place = kept.findIndex(message => message.id === id)
      if (place !== -1) kept.splice(place, 1)
    }
    this.setInbox(runId, kept)
  }

  setInbox(runId: RunId, messages: InboxMessage[]): void {
    this.set(this.inbox, runId, messages.length === 0 ? undefined : messages)
  }

  isAlive(incarnation: Incarnation): boolean {
    return this.workers.get(incarnation)?.alive === true
  }
}

function put<K, V>(map: Map<K, V>, key: K, value: V | undefined): void {
  if (value === undefined) map.delete(key)
  else map.set(key, value)
}

export function workflowKey(of: { readonly namespace: string; readonly workflowId: string }): string {
  return `${of.namespace}\u0000${of.workflowId}`
}

export function updateKey({ runId, updateId }: UpdateKey): string {
  return `${runId}\u0000${updateId}`
}

export function queueKey(namespace: string, taskQueue: string): string {
  return `${namespace}\u0000${taskQueue}`
}

/** Newest start first, then run id descending: the order of lists, and what "the last run" means. */
export function newestFirst(a: ExecutionRow, b: ExecutionRow): number {
  if (a.startedAt !== b.startedAt) return b.startedAt - a.startedAt
  return a.runId < b.runId ? 1 : -1
}

/** The open run of a workflow id, or else the one started last. */
export function currentRun(data: MemoryData, of: { readonly namespace: string; readonly workflowId: string }): ExecutionRow | undefined {
  const rows = (data.runs.get(workflowKey(of)) ?? []).flatMap(runId => data.executions.get(runId) ?? [])
  return rows.find(row => row.status === 'RUNNING') ?? rows.sort(newestFirst)[0]
}

/** The run named, of that workflow id if one is given, or else the current one. */
export function findRun(
  data: MemoryData,
  { namespace, workflowId, runId }: { readonly namespace: string; readonly workflowId: string | null; readonly runId: RunId | null },
): ExecutionRow | undefined {
  if (runId === null) return workflowId === null ? undefined : currentRun(data, { namespace, workflowId })
  const row = data.executions.get(runId)
  return row?.namespace === namespace && (workflowId === null || row.workflowId === workflowId) ? row : undefined
}

/** What a caller gets: a copy, without our own columns. */
export function executionRecord(row: ExecutionRow): ExecutionRecord {
  const { claimedAt: _claimedAt, ...record } = row
  return { ...record, held: record.held === null ? null : { ...record.held } }
}
