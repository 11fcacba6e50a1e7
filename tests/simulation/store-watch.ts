/**
 * Looks at the rows of the store after everything that happens to them. What it finds is the first violation of an
 * invariant of ARCHITECTURE.md, named by its number.
 */
import type { CommitBatch, CommitOutcome, EventRecord, InboxMessage, RunId, Store } from '@perdure/engine'
import { decodeEvent, decodeMessage } from '../../packages/engine/src/protocol/event-codec.ts'
import { isActivityEnd } from '../../packages/engine/src/protocol/event.ts'
import type { ExecutionRow, MemoryData } from '../../packages/testing/src/memory-store/memory-data.ts'
import { ChangedRuns } from './changed-runs.ts'
import { attemptKey, type Ledger } from './ledger.ts'
import { limitedQueue } from './programs.ts'
import { RelationWatch } from './relation-watch.ts'
import type { Tally } from './tally.ts'

/** An execution that was let go, and what waited in the store for it then. */
export interface Released {
  readonly runId: RunId
  readonly historyLength: number
  readonly wakeAt: number | null
  /** Activities with a row, or whose end waited in the inbox. */
  readonly commands: readonly number[]
}

interface Known {
  length: number
  last: EventRecord | undefined
  readonly ended: Set<number>
  readonly signals: Set<string>
  closed: ExecutionRow | undefined
}

type Call = (...args: unknown[]) => Promise<unknown>

export interface StoreWatchParts {
  readonly data: MemoryData
  readonly ledger: Ledger
  /** Of the queue that has one. */
  readonly limit: number | null
  readonly tally: Tally
  readonly fail: (message: string) => void
}

export class StoreWatch {
  readonly released: Released[] = []
  readonly #data: MemoryData
  readonly #ledger: Ledger
  readonly #fail: (message: string) => void
  readonly #limit: number | null
  readonly #tally: Tally
  readonly #relations: RelationWatch
  readonly #known = new Map<RunId, Known>()
  readonly #attempts = new Map<string, number>()
  readonly #holds = new Set<object>()
  readonly #changed: ChangedRuns
  /** Runs that are open, and the messages of all, as last seen. */
  readonly #open = new Set<RunId>()
  readonly #inbox = new Map<RunId, readonly InboxMessage[]>()

  constructor({ data, ledger, limit, tally, fail }: StoreWatchParts) {
    this.#tally = tally
    this.#data = data
    this.#changed = new ChangedRuns(data)
    this.#ledger = ledger
    this.#limit = limit
    this.#fail = fail
    this.#relations = new RelationWatch({ data, tally, fail })
  }

  /** Ids of updates whose ends are in a history. */
  get completedUpdates(): ReadonlySet<string> {
    return this.#relations.completedUpdates
  }

  /** The store, watched: its methods do their work within the call, so rows can be compared before and after it. */
  watched(store: Store): Store {
    const watched: Record<string, unknown> = { ...store }
    for (const [name, member] of Object.entries(store)) {
      if (typeof member === 'function') watched[name] = (...args: unknown[]) => this.#watch(name, member as Call, args)
    }
    return watched as unknown as Store
  }

  #watch(name: string, call: Call, args: readonly unknown[]): Promise<unknown> {
    const batch = name === 'commit' ? args[0] as CommitBatch : undefined
    const look = batch === undefined ? undefined : this.#beforeCommit(batch)
    const answer = call(...args)
    answer.then((outcome) => this.#noteOutcome(name, outcome), () => undefined)
    if (name === 'commit') answer.catch((error: unknown) => this.#fail(`I1: a commit was refused: ${String(error)}`))
    look?.()
    this.#lookAt(this.#changed.take(), name, batch)
    return answer
  }

  #noteOutcome(name: string, outcome: unknown): void {
    if (name === 'takeOver' && outcome === true) this.#tally.note('taken over')
    if (name !== 'commit') return
    const commit = outcome as CommitOutcome
    if (commit.type === 'fenced') return this.#tally.note('fenced')
    for (const made of commit.transitions) if (made === 'unread' || made === 'lost') this.#tally.note(made)
  }

  /** Compares what a commit may not touch. */
  #beforeCommit(batch: CommitBatch): () => void {
    const { incarnation } = batch
    const isAlive = incarnation === null || this.#data.isAlive(incarnation)
    const rows = batch.transitions.map(({ runId, release }) => ({ runId, release, row: this.#rowsOf(runId) }))
    return () => {
      for (const { runId, release, row } of rows) {
        const [before] = row
        const isOwner = isAlive && (before === undefined ? batch.starts.some((start) => start.runId === runId)
          : before.owner === incarnation && before.status === 'RUNNING')
        if (isOwner && release?.held === null) this.#noteRelease(runId, release.wakeAt)
        if (isOwner || before === undefined) continue
        const after = this.#rowsOf(runId)
        // A start of the same batch may close another execution of its workflow id.
        const isClosed = after[0]?.status === 'TERMINATED'
        // Others of the batch may post to it.
        const isSame = after[3] === row[3] && (isClosed || after.every((value, index) => index === 1 || value === row[index]))
        if (!isSame) this.#fail(`I4: incarnation ${incarnation} wrote to run ${runId}, which ${before.owner} owned (${before.status})`)
      }
      if (!isAlive && batch.starts.some(({ runId }) => this.#data.executions.get(runId)?.owner === incarnation)) {
        this.#fail(`I4: the dead incarnation ${incarnation} started an execution`)
      }
    }
  }

  #rowsOf(runId: RunId): [ExecutionRow | undefined, unknown, unknown, number] {
    const { executions, inbox, tasks } = this.#data
    return [executions.get(runId), inbox.get(runId), tasks.get(runId), this.#data.eventsOf(runId).length]
  }

  #noteRelease(runId: RunId, wakeAt: number | null): void {
    const row = this.#data.executions.get(runId)
    if (row?.owner !== null || row.status !== 'RUNNING' || row.wakeAt !== wakeAt) return
    const commands = this.#data.tasksOf(runId).map((task) => task.command)
    for (const message of this.#data.inboxOf(runId)) {
      const event = decodeMessage(message.type, message.data)
      if (isActivityEnd(event)) commands.push(event.command)
    }
    this.released.push({ runId, historyLength: this.#data.eventsOf(runId).length, wakeAt, commands })
  }

  /** Once more, at the end, whatever is said to have changed. */
  lookAgain(): void {
    this.#lookAt(this.#changed.all(), 'the end', undefined)
  }

  #lookAt(changed: Iterable<RunId>, name: string, batch: CommitBatch | undefined): void {
    for (const runId of changed) this.#lookAtRun(runId, name, batch)
    const open = new Set<string>()
    for (const runId of this.#open) {
      const row = this.#data.executions.get(runId)
      if (row === undefined) {
        this.#fail(`I8: run ${runId} was open, and its row is gone (${name})`)
        continue
      }
      if (open.has(row.workflowId)) this.#fail(`Two executions of ${row.workflowId} are open (${name})`)
      open.add(row.workflowId)
      this.#lookAtOpen(row, name)
      this.#relations.open(row, name)
    }
    for (const runId of changed) this.#lookAtMessages(runId, name)
    for (const runId of changed) this.#lookAtTasks(runId, name)
    this.#lookAtWorkers(name)
  }

  #lookAtRun(runId: RunId, name: string, batch: CommitBatch | undefined): void {
    const row = this.#data.executions.get(runId)
    if (row === undefined) return
    const known = this.#knownOf(row)
    const isNews = this.#lookAtHistory(row, known, name)
    if (row.status !== 'RUNNING') {
      this.#open.delete(runId)
      if (known.closed !== undefined && known.closed !== row) this.#fail(`I1: run ${runId} changed after its close (${name})`)
      if (known.closed === undefined) this.#relations.closed(row, name)
      known.closed = row
      return
    }
    this.#open.add(runId)
    if (known.closed !== undefined) this.#fail(`I1: run ${runId} is open again after its close (${name})`)
    if (isNews && batch === undefined) this.#fail(`I1: the history of run ${runId} grew by ${name}`)
  }

  #knownOf({ runId }: ExecutionRow): Known {
    let known = this.#known.get(runId)
    if (known === undefined) {
      known = { length: 0, last: undefined, ended: new Set(), signals: new Set(), closed: undefined }
      this.#known.set(runId, known)
    }
    return known
  }

  /** True when there are new events. */
  #lookAtHistory(row: ExecutionRow, known: Known, name: string): boolean {
    const events = this.#data.eventsOf(row.runId)
    if (events.length === known.length) return false
    const where = `of run ${row.runId} (${name})`
    if (events.length < known.length) this.#fail(`I1: events were lost from the history ${where}`)
    if (known.length > 0 && events[known.length - 1] !== known.last) this.#fail(`I1: the history was rewritten ${where}`)
    if (known.closed !== undefined) this.#fail(`I1: the history grew after the close ${where}`)
    for (let index = known.length; index < events.length; index++) {
      const event = events[index] as EventRecord
      if (event.seq !== index + 1) this.#fail(`I1: event ${event.seq} stands at place ${index + 1} ${where}`)
      if (event.at < (events[index - 1]?.at ?? 0)) this.#fail(`I6: the time of event ${event.seq} goes back ${where}`)
      this.#lookAtEvent(event, known, where)
      known.last = event
    }
    known.length = events.length
    return true
  }

  #lookAtEvent({ type, data, seq }: EventRecord, known: Known, where: string): void {
    if (type === 'WorkflowExecutionSignaled') {
      // The history adds whether it was applied together with the message in front of it.
      const message = data.replace(',"joined":true', '')
      if (known.signals.has(message)) this.#fail(`Signal ${message} was applied twice ${where}`)
      known.signals.add(message)
      return
    }
    const event = decodeEvent(type, data)
    this.#relations.event(where.split(' ')[2] as RunId, event)
    if (!isActivityEnd(event)) return
    if (known.ended.has(event.command)) this.#fail(`I6: activity ${event.command} ended twice ${where}`)
    known.ended.add(event.command)
    if (event.type !== 'ActivityTaskCompleted') return
    const runId = where.split(' ')[2] ?? ''
    const attempt = this.#ledger.attempts.get(attemptKey(runId, event.command, event.attempt))
    if (attempt?.completed !== true) this.#fail(`Event ${seq} ${where} is the result of attempt ${event.attempt}, which did not end so`)
  }

  #lookAtOpen(row: ExecutionRow, name: string): void {
    const { runId, owner, held } = row
    if (owner !== null) {
      if (!this.#data.isAlive(owner)) this.#fail(`I8: run ${runId} is owned by ${owner}, which is dead (${name})`)
      return
    }
    if (held === null || this.#holds.has(held)) return
    this.#holds.add(held)
    const { code } = held
    if (code === 'crash_loop' || code === 'commit_rejected') this.#tally.note(`held: ${code}`)
    // Workflows of a simulation are deterministic and await nothing foreign.
    else this.#fail(`Run ${runId} is held (${code}): ${held.reason}`)
    if (held.reason === '') this.#fail(`I8: run ${runId} is held without a reason (${name})`)
  }

  /** A signal leaves the inbox only for the history, unless its execution was terminated. */
  #lookAtMessages(runId: RunId, name: string): void {
    const before = this.#inbox.get(runId)
    const now = this.#data.inbox.get(runId)
    const status = this.#data.executions.get(runId)?.status
    if (now !== undefined && status !== 'RUNNING') this.#fail(`Run ${runId} is closed and has messages (${name})`)
    if (now === undefined) this.#inbox.delete(runId)
    else this.#inbox.set(runId, [...now])
    if (before === undefined || status === 'TERMINATED' || status === 'TIMED_OUT') return
    const known = this.#known.get(runId)
    for (const message of before) {
      if (message.type !== 'WorkflowExecutionSignaled' || now?.some(({ id }) => id === message.id) === true) continue
      if (known?.signals.has(message.data) !== true) {
        this.#fail(`I8: signal ${message.data} left the inbox of run ${runId} and is not in its history (${name})`)
      }
    }
  }

  #lookAtTasks(runId: RunId, name: string): void {
    const tasks = this.#data.tasks.get(runId)
    if (tasks === undefined) return
    if (this.#data.executions.get(runId)?.status !== 'RUNNING') this.#fail(`Run ${runId} is closed and has tasks (${name})`)
    for (const task of tasks) {
      const key = `${runId} ${task.command}`
      if (task.attempt < (this.#attempts.get(key) ?? 0)) this.#fail(`I10: the attempts of activity ${key} went back (${name})`)
      this.#attempts.set(key, task.attempt)
    }
  }

  /** Of activities that run: a worker may have died since their rows changed. */
  #lookAtWorkers(name: string): void {
    let limited = 0
    for (const [runId, tasks] of this.#data.tasks) {
      for (const { worker, lost, command, taskQueue } of tasks) {
        if (worker === null || lost) continue
        if (!this.#data.isAlive(worker)) this.#fail(`I8: activity ${runId} ${command} is run by ${worker}, which is dead (${name})`)
        if (taskQueue === limitedQueue) limited++
      }
    }
    if (this.#limit !== null && limited > this.#limit) {
      this.#fail(`Of queue ${limitedQueue} ${limited} activities run, over ${this.#limit} (${name})`)
    }
  }
}
