/** Closes, and what they mean to a parent, to children and to the run that follows (decision 0005). */
import { cancelRequestedByParent, childClosed, StoreRejectedError, terminatedByParent } from '@perdure/engine'
import type { Close, Incarnation, Millis, RunId, StartRecord } from '@perdure/engine'
import { postToRun } from './inbox.ts'
import { currentRun, type ExecutionRow, type MemoryData } from './memory-data.ts'
import { admitUpdate } from './updates.ts'

export interface Closing {
  readonly row: ExecutionRow
  readonly close: Close
}

/** All rows first, so that none of them hears of another; then parents are told, next runs inserted, children ended, also such runs. */
export function closeAll(data: MemoryData, closings: readonly Closing[], incarnation: Incarnation | null = null): void {
  for (const { row, close } of closings) closeRow(data, row, close)
  const sorted = closings.toSorted((a, b) => (a.row.runId < b.row.runId ? -1 : 1))
  for (const { row, close } of sorted) if (close.next === undefined) tellParent(data, row, close)
  for (const { close } of sorted) if (close.next !== undefined) insertNext(data, close.next, incarnation)
  for (const { row, close } of sorted) if (close.hasChildren === true) endChildren(data, row.runId, close.at)
}

function closeRow(data: MemoryData, row: ExecutionRow, close: Close): void {
  const { status, result, failure, at } = close
  data.putExecution({ ...row, status, result, failure, closedAt: at, owner: null, wakeAt: null, held: null })
  data.setTasks(row.runId, [])
  data.setInbox(row.runId, [])
}

function tellParent(data: MemoryData, row: ExecutionRow, close: Close): void {
  if (row.parent === null || data.executions.get(row.parent.runId)?.status !== 'RUNNING') return
  const { workflowId, runId, workflowType } = row
  const { status, result, failure } = close
  const message = childClosed({ command: row.parent.command, workflowId, runId, workflowType, status, result, failure })
  postToRun(data, row.parent.runId, message)
}

function endChildren(data: MemoryData, parent: RunId, at: Millis): void {
  for (const runId of data.open.keys()) {
    const child = data.executions.get(runId)
    if (child?.parent?.runId !== parent || child.status !== 'RUNNING') continue
    if (child.parent.closePolicy === 'REQUEST_CANCEL') postToRun(data, runId, cancelRequestedByParent)
    if (child.parent.closePolicy !== 'TERMINATE') continue
    closeRow(data, child, { status: 'TERMINATED', result: null, failure: terminatedByParent, at })
    endChildren(data, runId, at)
  }
}

function insertNext(data: MemoryData, next: StartRecord, incarnation: Incarnation | null): void {
  if (data.executions.has(next.runId) || currentRun(data, next)?.status === 'RUNNING') {
    throw new StoreRejectedError(`Run ${next.runId}, the next of ${next.workflowId}, cannot be inserted: the run or an open one is there`)
  }
  insertExecution(data, next, incarnation)
}

/** The run is new, and its workflow id free. */
export function insertExecution(data: MemoryData, start: StartRecord, incarnation: Incarnation | null): void {
  data.putExecution(newExecution(start, start.owned ? incarnation : null, data.now()))
  for (const { type, data: text, updateId } of start.link?.messages ?? []) {
    if (updateId !== null) admitUpdate(data, start.runId, updateId)
    postToRun(data, start.runId, { type, data: text })
  }
}

function newExecution(start: StartRecord, owner: Incarnation | null, now: number): ExecutionRow {
  const { namespace, workflowId, runId, workflowType, taskQueue, priority, input, memo, searchAttributes, startedAt, link } = start
  return {
    namespace, workflowId, runId, workflowType, taskQueue, priority, input, memo, searchAttributes, startedAt, owner,
    status: 'RUNNING',
    // Due by this clock: that of its client may be ahead.
    wakeAt: owner === null ? Math.min(start.startedAt, now) + start.wakeAt - start.startedAt : null,
    held: null,
    result: null,
    failure: null,
    firstRunId: link?.firstRunId ?? runId,
    parent: link?.parent ?? null,
    expiresAt: link?.expiresAt ?? null,
    details: link?.details ?? null,
    takeovers: 0,
    firstTaskAt: owner === null ? null : startedAt,
    claimedAt: owner === null ? null : startedAt,
    closedAt: null,
  }
}
