/**
 * The write path. The order is the port's: fence, look and close, start, append, consume, tasks, release. One writer
 * has the whole database, so what is looked at stays true until the commit; a transition that neither closes nor starts
 * is checked by its first append (`owner = me` is in the statement).
 */
import { StoreRejectedError, terminatedByStart } from '@perdure/engine'
import type {
  ActivityTask, Close, CommitBatch, CommitOutcome, EventRecord, Held, Incarnation, RunId, StartOutcome, StartRecord, Transition,
  TransitionOutcome,
} from '@perdure/engine'
import type { Database } from './database.ts'
import { appendEvent } from './statements/append-event.ts'
import { appendLastEvent } from './statements/append-last-event.ts'
import { cancelTask } from './statements/cancel-task.ts'
import { closeExecution } from './statements/close-execution.ts'
import { deleteMessage } from './statements/delete-message.ts'
import { deleteMessagesOf } from './statements/delete-messages-of.ts'
import { deleteTask } from './statements/delete-task.ts'
import { deleteTasksOf } from './statements/delete-tasks-of.ts'
import { findAlive } from './statements/find-alive.ts'
import { findLastRun } from './statements/find-last-run.ts'
import { findMessage } from './statements/find-message.ts'
import { findOpenRun } from './statements/find-open-run.ts'
import { findOwnership } from './statements/find-ownership.ts'
import { findRun } from './statements/find-run.ts'
import { insertExecution } from './statements/insert-execution.ts'
import { insertTask } from './statements/insert-task.ts'
import { releaseExecution } from './statements/release-execution.ts'
import { resetTakeovers } from './statements/reset-takeovers.ts'

export function commit(database: Database, batch: CommitBatch): CommitOutcome {
  refuseIllegal(batch)
  const { incarnation } = batch
  if (incarnation !== null && database.connection.get(findAlive, incarnation) === undefined) return { type: 'fenced' } // I4
  const closed = new Map<RunId, TransitionOutcome>()
  for (const transition of batch.transitions) {
    if (transition.close === null || database.runs.idOf(transition.runId) === undefined) continue
    closed.set(transition.runId, close(database, incarnation, transition, transition.close))
  }
  const starts = batch.starts.map(start => startExecution(database, incarnation, start))
  const transitions = batch.transitions.map(transition => {
    if (transition.close === null) return advance(database, incarnation, transition)
    const outcome = closed.get(transition.runId) ?? close(database, incarnation, transition, transition.close)
    if (outcome === 'ok') appendLast(database, transition)
    return outcome
  })
  return { type: 'committed', starts, transitions }
}

function refuseIllegal(batch: CommitBatch): void {
  const runs = new Set(batch.transitions.map(transition => transition.runId))
  if (runs.size < batch.transitions.length) throw new StoreRejectedError('A batch holds two transitions of one run: merge them')
  if (batch.incarnation === null && (batch.transitions.length > 0 || batch.starts.some(start => start.owned))) {
    throw new StoreRejectedError('A producer may only start unowned executions')
  }
}

function close(database: Database, incarnation: Incarnation | null, transition: Transition, outcome: Close): TransitionOutcome {
  const { connection } = database
  const id = database.runs.idOf(transition.runId)
  const ownership = id === undefined ? undefined : connection.get(findOwnership, id)
  if (id === undefined || ownership === undefined || ownership.owner === null || ownership.owner !== incarnation) return 'lost'
  if (ownership.unread > 0) {
    const consumed = transition.consumed.filter(message => connection.get(findMessage, message, id))
    if (new Set(consumed).size < ownership.unread) return 'unread'
  }
  closeRow(database, id, ownership.unread, outcome)
  return 'ok'
}

function closeRow({ connection }: Database, id: number, unread: number, { status, result, failure, at }: Close): void {
  if (unread > 0) connection.run(deleteMessagesOf, id)
  connection.run(deleteTasksOf, id)
  connection.run(closeExecution, id, status, result, failure, at)
}

/** The open run of somebody else's choosing: terminate, and starts that replace. */
export function terminateRow(database: Database, id: number, close: Close): void {
  closeRow(database, id, database.connection.get(findOwnership, id)?.unread ?? 0, close)
}

function appendLast({ connection, runs }: Database, transition: Transition): void {
  const id = runs.idOf(transition.runId)
  if (id === undefined) return
  for (const { seq, at, type, data } of transition.events) connection.run(appendLastEvent, id, seq, at, type, data)
  if (transition.resetTakeovers) connection.run(resetTakeovers, id)
}

function advance(database: Database, incarnation: Incarnation | null, transition: Transition): TransitionOutcome {
  const { connection } = database
  const id = database.runs.idOf(transition.runId)
  if (id === undefined || incarnation === null) return 'lost'
  if (!append(database, id, incarnation, transition.events)) return 'lost'
  for (const message of transition.consumed) connection.run(deleteMessage, message, id)
  if (transition.resetTakeovers) connection.run(resetTakeovers, id)
  for (const command of transition.dropTasks) connection.run(deleteTask, id, command)
  for (const task of transition.tasks) writeTask(database, id, task)
  for (const command of transition.cancelTasks) connection.run(cancelTask, id, command)
  if (transition.release === null) return 'ok'
  const { wakeAt, held } = transition.release
  return connection.run(releaseExecution, id, wakeAt, ...heldColumns(held)) === 1 ? 'ok' : 'kept'
}

/** False: the incarnation does not own it. */
function append({ connection }: Database, id: number, incarnation: Incarnation, events: readonly EventRecord[]): boolean {
  const [first, ...others] = events
  if (first === undefined) return connection.get(findOwnership, id)?.owner === incarnation
  if (connection.run(appendEvent, id, incarnation, first.seq, first.at, first.type, first.data) === 0) return false
  for (const [index, { seq, at, type, data }] of others.entries()) {
    if (seq !== first.seq + index + 1) throw new StoreRejectedError(`A transition leaves out event ${first.seq + index + 1}`)
    connection.run(appendLastEvent, id, seq, at, type, data)
  }
  return true
}

type HeldColumns = [code: string | null, count: number | null, buildId: string | null, reason: string | null, spent: number | null]

export function heldColumns(held: Held | null): HeldColumns {
  return held === null ? [null, null, null, null, null] : [held.code, held.count, held.buildId, held.reason, Number(held.spent)]
}

function writeTask({ connection }: Database, id: number, task: ActivityTask): void {
  connection.run(
    insertTask, id, task.command, task.namespace, task.taskQueue, task.activityType, task.priority, task.availableAt, task.worker,
    Number(task.cancelRequested), Number(task.lost), task.deadlineAt, task.attempt, task.runMs, task.closeBy, task.scheduledAt,
    task.startedAt, task.workflowId, task.workflowType, task.activityId, task.input, task.options, task.lastFailure, task.heartbeatDetails,
  )
}

function startExecution(database: Database, incarnation: Incarnation | null, start: StartRecord): StartOutcome {
  const isFree = start.reusePolicy === 'ALLOW_DUPLICATE' && insert(database, incarnation, start)
  return isFree ? { type: 'started' } : startAmongOthers(database, incarnation, start)
}

/** False: the run exists, or the id has an open one. */
function insert({ connection, runs, now }: Database, incarnation: Incarnation | null, start: StartRecord): boolean {
  const owner = start.owned ? incarnation : null
  // Due by this clock: that of its client may be ahead.
  const wakeAt = owner === null ? Math.min(start.startedAt, now()) + start.wakeAt - start.startedAt : null
  const { changes, row } = connection.change(
    insertExecution, start.runId, start.namespace, start.workflowId, start.workflowType, start.taskQueue, start.priority, owner,
    wakeAt, start.startedAt, owner === null ? null : start.startedAt, start.input, start.memo, start.searchAttributes,
  )
  if (changes === 1) runs.add(start.runId, row)
  return changes === 1
}

function startAmongOthers(database: Database, incarnation: Incarnation | null, start: StartRecord): StartOutcome {
  const { connection } = database
  const same = connection.get(findRun, start.runId)
  if (same !== undefined) return { type: 'exists', runId: start.runId, status: same.status }
  const open = connection.get(findOpenRun, start.namespace, start.workflowId)
  if (open !== undefined) {
    if (start.conflictPolicy !== 'TERMINATE_EXISTING') return { type: 'exists', runId: open.runId, status: 'RUNNING' }
    terminateRow(database, open.id, { status: 'TERMINATED', result: null, failure: terminatedByStart, at: start.startedAt })
  } else if (start.reusePolicy !== 'ALLOW_DUPLICATE') {
    const last = connection.get(findLastRun, start.namespace, start.workflowId)
    const isSuccess = last?.status === 'COMPLETED' || last?.status === 'CONTINUED_AS_NEW'
    if (last !== undefined && (isSuccess || start.reusePolicy === 'REJECT_DUPLICATE')) {
      return { type: 'exists', runId: last.runId, status: last.status }
    }
  }
  insert(database, incarnation, start)
  return { type: 'started' }
}
