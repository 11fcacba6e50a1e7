/** Closes, and what they mean to a parent, to children and to the run that follows (decision 0005). */
import { cancelRequestedByParent, childClosed, StoreRejectedError, terminatedByParent } from '@perdure/engine'
import type { Close, Incarnation, MessageText, Millis, RunId } from '@perdure/engine'
import type { Database } from './database.ts'
import { insertExecution } from './new-execution.ts'
import { childrenOf } from './statements/children-of.ts'
import { closeExecution } from './statements/close-execution.ts'
import { deleteMessagesOf } from './statements/delete-messages-of.ts'
import { deleteTasksOf } from './statements/delete-tasks-of.ts'
import { decodeExecution } from './statements/execution-row.ts'
import { findExecution } from './statements/find-execution.ts'
import { findOwnership } from './statements/find-ownership.ts'
import { findRun } from './statements/find-run.ts'
import { insertMessage } from './statements/insert-message.ts'

/** A row that was closed, of which others are to know. */
export interface Closed {
  readonly id: number
  readonly runId: RunId
  readonly hasParent: boolean
  readonly close: Close
}

export function closeRow({ connection }: Database, id: number, unread: number, { status, result, failure, at }: Close): void {
  if (unread > 0) connection.run(deleteMessagesOf, id)
  connection.run(deleteTasksOf, id)
  connection.run(closeExecution, id, status, result, failure, at)
}

/** When all rows of a batch are closed, so that none of them hears of another. */
export function followCloses(database: Database, closed: readonly Closed[], incarnation: Incarnation | null): void {
  const sorted = closed.toSorted((a, b) => (a.runId < b.runId ? -1 : 1))
  for (const { id, hasParent, close } of sorted) if (hasParent && close.next === undefined) tellParent(database, id, close)
  // Before children are ended: a next run is one of a family too.
  for (const { close: { next } } of sorted) {
    if (next !== undefined && !insertExecution(database, incarnation, next)) {
      throw new StoreRejectedError(`Run ${next.runId}, the next of ${next.workflowId}, cannot be inserted: the run or an open one is there`)
    }
  }
  for (const { runId, close } of sorted) if (close.hasChildren === true) endChildren(database, runId, close.at)
}

/** An open row, from outside: it is not known whether it has children. */
export function endRow(database: Database, id: number, close: Close): void {
  const { unread = 0, hasParent = false } = database.connection.get(findOwnership, id) ?? {}
  closeRow(database, id, unread, close)
  const row = database.connection.get(findExecution, id)
  if (row === undefined) return
  followCloses(database, [{ id, runId: decodeExecution(row).runId, hasParent, close: { ...close, hasChildren: true } }], null)
}

function tellParent({ connection }: Database, id: number, close: Close): void {
  const row = connection.get(findExecution, id)
  const child = row === undefined ? undefined : decodeExecution(row)
  if (child === undefined || child.parent === null) return
  const { workflowId, runId, workflowType, parent } = child
  const found = connection.get(findRun, parent.runId)
  if (found?.status !== 'RUNNING') return
  const { status, result, failure } = close
  postTo(connection, found.id, childClosed({ command: parent.command, workflowId, runId, workflowType, status, result, failure }))
}

function endChildren(database: Database, parent: RunId, at: Millis): void {
  const { connection } = database
  for (const { id, policy } of connection.all(childrenOf, parent)) {
    if (policy === 'TERMINATE') endRow(database, id, { status: 'TERMINATED', result: null, failure: terminatedByParent, at })
    else postTo(connection, id, cancelRequestedByParent)
  }
}

function postTo(connection: Database['connection'], id: number, { type, data }: MessageText): void {
  connection.run(insertMessage, id, type, data)
}
