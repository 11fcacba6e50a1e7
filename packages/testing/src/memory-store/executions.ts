/** Starts, transitions and closes: the write path of the in-memory store, in the order that every store follows. */
import { StoreRejectedError, terminatedByStart } from '@perdure/engine'
import type {
  Close, CommitBatch, CommitOutcome, Incarnation, InboxPost, PostOutcome, RunId, StartOutcome, StartRecord, TerminateOutcome,
  TerminateRequest, Transition, TransitionOutcome,
} from '@perdure/engine'
import { currentRun, findRun, type ExecutionRow, type MemoryData } from './memory-data.ts'

/** Fence, look, close, start, append, consume, tasks. */
export function commit(data: MemoryData, batch: CommitBatch): CommitOutcome {
  refuseIllegal(batch)
  if (batch.incarnation !== null && !data.isAlive(batch.incarnation)) return { type: 'fenced' }
  const looked = new Map<RunId, TransitionOutcome>()
  for (const transition of batch.transitions) {
    if (!data.executions.has(transition.runId)) continue
    looked.set(transition.runId, lookAndClose(data, batch.incarnation, transition))
  }
  const starts = batch.starts.map(start => startExecution(data, batch.incarnation, start))
  const transitions = batch.transitions.map((transition): TransitionOutcome => {
    const outcome = looked.get(transition.runId) ?? lookAndClose(data, batch.incarnation, transition)
    const isOpen = data.executions.get(transition.runId)?.status === 'RUNNING'
    if (outcome !== 'ok' && outcome !== 'kept') return outcome
    if (!isOpen && transition.close === null) return 'lost' // a start of this batch terminated it
    write(data, transition, outcome)
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

function lookAndClose(data: MemoryData, incarnation: Incarnation | null, transition: Transition): TransitionOutcome {
  const row = data.executions.get(transition.runId)
  if (row === undefined || row.status !== 'RUNNING' || row.owner !== incarnation) return 'lost'
  if (transition.close === null && transition.release === null) return 'ok'
  const unread = data.inboxOf(row.runId).some(message => !transition.consumed.includes(message.id))
  if (transition.close === null) return unread && transition.release?.held === null ? 'kept' : 'ok' // messages wake nothing held
  if (unread) return 'unread'
  closeExecution(data, row, transition.close)
  return 'ok'
}

function closeExecution(data: MemoryData, row: ExecutionRow, close: Close): void {
  const { status, result, failure, at } = close
  data.putExecution({ ...row, status, result, failure, closedAt: at, owner: null, wakeAt: null, held: null })
  data.setTasks(row.runId, [])
  data.setInbox(row.runId, [])
}

function write(data: MemoryData, transition: Transition, outcome: 'ok' | 'kept'): void {
  const { runId, release } = transition
  for (const event of transition.events) data.appendEvent(runId, event)
  const row = data.executions.get(runId)
  if (row === undefined) return
  if (transition.resetTakeovers && row.takeovers !== 0) data.putExecution({ ...row, takeovers: 0 })
  if (transition.close !== null) return
  data.setInbox(runId, data.inboxOf(runId).filter(message => !transition.consumed.includes(message.id)))
  writeTasks(data, transition)
  if (release === null || outcome === 'kept') return
  const held = release.held === null ? null : { ...release.held }
  data.putExecution({ ...row, takeovers: transition.resetTakeovers ? 0 : row.takeovers, owner: null, wakeAt: release.wakeAt, held })
}

function writeTasks(data: MemoryData, transition: Transition): void {
  const { runId, dropTasks, cancelTasks } = transition
  const kept = data.tasksOf(runId).filter(task => !dropTasks.includes(task.command))
  for (const task of transition.tasks) {
    if (!kept.some(existing => existing.command === task.command)) kept.push({ ...task })
  }
  data.setTasks(runId, kept.map(task => (cancelTasks.includes(task.command) ? { ...task, cancelRequested: true } : task)))
}

function startExecution(data: MemoryData, incarnation: Incarnation | null, start: StartRecord): StartOutcome {
  const same = data.executions.get(start.runId)
  if (same !== undefined) return { type: 'exists', runId: same.runId, status: same.status }
  const current = currentRun(data, start)
  if (current !== undefined) {
    const { runId, status } = current
    if (status === 'RUNNING') {
      if (start.conflictPolicy !== 'TERMINATE_EXISTING') return { type: 'exists', runId, status }
      closeExecution(data, current, { status: 'TERMINATED', result: null, failure: terminatedByStart, at: start.startedAt })
    } else if (!mayReuse(start, current)) {
      return { type: 'exists', runId, status }
    }
  }
  data.putExecution(newExecution(start, start.owned ? incarnation : null, data.now()))
  return { type: 'started' }
}

function mayReuse(start: StartRecord, closed: ExecutionRow): boolean {
  if (start.reusePolicy === 'ALLOW_DUPLICATE') return true
  if (start.reusePolicy === 'REJECT_DUPLICATE') return false
  return closed.status !== 'COMPLETED' && closed.status !== 'CONTINUED_AS_NEW'
}

function newExecution(start: StartRecord, owner: Incarnation | null, now: number): ExecutionRow {
  const { namespace, workflowId, runId, workflowType, taskQueue, priority, input, memo, searchAttributes, startedAt } = start
  return {
    namespace, workflowId, runId, workflowType, taskQueue, priority, input, memo, searchAttributes, startedAt, owner,
    status: 'RUNNING',
    // Due by this clock: that of its client may be ahead.
    wakeAt: owner === null ? Math.min(start.startedAt, now) + start.wakeAt - start.startedAt : null,
    held: null,
    result: null,
    failure: null,
    firstRunId: runId,
    takeovers: 0,
    firstTaskAt: owner === null ? null : startedAt,
    claimedAt: owner === null ? null : startedAt,
    closedAt: null,
  }
}

export function terminate(data: MemoryData, request: TerminateRequest): TerminateOutcome {
  const row = findRun(data, request)
  if (row === undefined) return { type: 'not_found' }
  if (row.status !== 'RUNNING') return { type: 'closed', runId: row.runId, status: row.status }
  closeExecution(data, row, { status: 'TERMINATED', result: null, failure: request.failure, at: request.at })
  return { type: 'terminated', runId: row.runId }
}

export function post(data: MemoryData, to: InboxPost): PostOutcome {
  const row = findRun(data, to)
  if (row === undefined) return { type: 'not_found' }
  if (row.status !== 'RUNNING') return { type: 'closed', runId: row.runId }
  return { type: 'posted', id: postToRun(data, row.runId, to.type, to.data), runId: row.runId }
}

/** The run is open. */
export function postToRun(data: MemoryData, runId: RunId, type: string, text: string): number {
  const id = data.nextNumber()
  data.setInbox(runId, [...data.inboxOf(runId), { id, runId, type, data: text }])
  return id
}
