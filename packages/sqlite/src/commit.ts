/**
 * The write path. The order is the port's: fence, look and close, start, append, updates, consume, tasks, outgoing, release.
 * One writer has the whole database, so what is looked at stays true until the commit; a transition that neither closes nor
 * starts is checked by its first append (`owner = me` is in the statement).
 */
import { StoreRejectedError } from '@perdure/engine'
import type {
  ActivityTask, CommitBatch, CommitOutcome, EventRecord, Held, Incarnation, RunId, Transition, TransitionOutcome,
} from '@perdure/engine'
import { type Closed, closeRow, followCloses } from './closing.ts'
import type { Database } from './database.ts'
import { sendOutgoing } from './outgoing.ts'
import { startExecution } from './starts.ts'
import { appendEvent } from './statements/append-event.ts'
import { appendLastEvent } from './statements/append-last-event.ts'
import { cancelTask } from './statements/cancel-task.ts'
import { deleteMessage } from './statements/delete-message.ts'
import { findAlive } from './statements/find-alive.ts'
import { findMessage } from './statements/find-message.ts'
import { findOwnership } from './statements/find-ownership.ts'
import { insertTask } from './statements/insert-task.ts'
import { putUpdate } from './statements/put-update.ts'
import { releaseExecution } from './statements/release-execution.ts'
import { resetTakeovers } from './statements/reset-takeovers.ts'
import { upsertExecution } from './statements/upsert-execution.ts'

export function commit(database: Database, batch: CommitBatch): CommitOutcome {
  refuseIllegal(batch)
  const { incarnation, transitions } = batch
  if (incarnation !== null && database.connection.get(findAlive, incarnation) === undefined) return { type: 'fenced' } // I4
  const looked = new Map<RunId, TransitionOutcome>()
  const closing = transitions.filter(transition => transition.close !== null)
  closeAll(database, incarnation, closing.filter(({ runId }) => database.runs.idOf(runId) !== undefined), looked)
  const starts = batch.starts.map(start => startExecution(database, incarnation, start))
  closeAll(database, incarnation, closing.filter(({ runId }) => !looked.has(runId)), looked)
  for (const transition of transitions) {
    const { runId, close } = transition
    if (close === null) looked.set(runId, advance(database, incarnation, transition))
    else if (looked.get(runId) === 'ok') appendLast(database, transition)
  }
  const asking = transitions.filter(({ outgoing = [] }) => outgoing.length > 0)
  const outgoing = asking.length === 0
    ? {}
    : { outgoing: sendOutgoing(database, incarnation, asking.filter(({ runId }) => looked.get(runId) === 'ok')) }
  const outcomes = transitions.map(transition => {
    const outcome = looked.get(transition.runId) ?? 'lost'
    return outcome === 'ok' && transition.release !== null ? release(database, transition) : outcome
  })
  return { type: 'committed', starts, transitions: outcomes, ...outgoing }
}

function refuseIllegal({ incarnation, starts, transitions }: CommitBatch): void {
  const runs = new Set(transitions.map(transition => transition.runId))
  if (runs.size < transitions.length) throw new StoreRejectedError('A batch holds two transitions of one run: merge them')
  if (incarnation === null && (transitions.length > 0 || starts.some(start => start.owned))) {
    throw new StoreRejectedError('A producer may only start unowned executions')
  }
  for (const transition of transitions) if (transition.outgoing !== undefined) refuseIllegalOutgoing(transition)
}

function refuseIllegalOutgoing({ outgoing = [], close, release: released }: Transition): void {
  if (outgoing.length > 0 && (close !== null || released !== null)) {
    throw new StoreRejectedError('A transition with outgoing requests neither closes nor releases')
  }
  if (outgoing.some(one => one.type === 'start' && one.start.conflictPolicy === 'TERMINATE_EXISTING')) {
    throw new StoreRejectedError('A child terminates no open run of its workflow id: its conflict policy is FAIL or USE_EXISTING')
  }
}

function closeAll(
  database: Database, incarnation: Incarnation | null, transitions: readonly Transition[], looked: Map<RunId, TransitionOutcome>,
): void {
  const followed: Closed[] = []
  for (const transition of transitions) looked.set(transition.runId, close(database, incarnation, transition, followed))
  if (followed.length > 0) followCloses(database, followed, incarnation)
}

function close(database: Database, incarnation: Incarnation | null, transition: Transition, followed: Closed[]): TransitionOutcome {
  const { connection } = database
  const { runId, close: outcome } = transition
  const id = database.runs.idOf(runId)
  const ownership = id === undefined ? undefined : connection.get(findOwnership, id)
  if (id === undefined || outcome === null || ownership === undefined) return 'lost'
  if (ownership.owner === null || ownership.owner !== incarnation) return 'lost'
  const { unread, hasParent } = ownership
  if (unread > 0) {
    const consumed = transition.consumed.filter(message => connection.get(findMessage, message, id))
    if (new Set(consumed).size < unread) return 'unread'
  }
  closeRow(database, id, unread, outcome)
  if (hasParent || outcome.hasChildren === true || outcome.next !== undefined) followed.push({ id, runId, hasParent, close: outcome })
  return 'ok'
}

function appendLast(database: Database, transition: Transition): void {
  const { connection } = database
  const id = database.runs.idOf(transition.runId)
  if (id === undefined) return
  for (const { seq, at, type, data } of transition.events) connection.run(appendLastEvent, id, seq, at, type, data)
  writeRare(database, id, transition)
  if (transition.resetTakeovers) connection.run(resetTakeovers, id)
}

function advance(database: Database, incarnation: Incarnation | null, transition: Transition): TransitionOutcome {
  const { connection } = database
  const id = database.runs.idOf(transition.runId)
  if (id === undefined || incarnation === null) return 'lost'
  if (!append(database, id, incarnation, transition.events)) return 'lost'
  writeRare(database, id, transition)
  for (const message of transition.consumed) connection.run(deleteMessage, message, id)
  if (transition.resetTakeovers) connection.run(resetTakeovers, id)
  for (const task of transition.tasks) writeTask(database, id, task)
  for (const command of transition.cancelTasks) connection.run(cancelTask, id, command)
  return 'ok'
}

function writeRare({ connection }: Database, id: number, { updates = [], upsert }: Transition): void {
  for (const { updateId, stage, result, failure } of updates) connection.run(putUpdate, id, updateId, stage, result, failure)
  if (upsert === undefined) return
  connection.run(upsertExecution, id, upsert.memo ?? null, upsert.searchAttributes ?? null, upsert.details ?? null)
}

function release({ connection, runs }: Database, transition: Transition): 'ok' | 'kept' {
  const id = runs.idOf(transition.runId)
  if (id === undefined || transition.release === null) return 'ok'
  const { wakeAt, held, unbegun = false } = transition.release
  return connection.run(releaseExecution, id, wakeAt, ...heldColumns(held), Number(unbegun)) === 1 ? 'ok' : 'kept'
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
