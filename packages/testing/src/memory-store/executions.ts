/** Transitions: the write path of the in-memory store, in the order that every store follows. */
import { StoreRejectedError } from '@perdure/engine'
import type {
  CommitBatch, CommitOutcome, ExecutionRecord, Incarnation, Millis, OutgoingOutcome, OverduePlace, RunId, TerminateOutcome,
  TerminateRequest, Transition, TransitionOutcome,
} from '@perdure/engine'
import { closeAll } from './closing.ts'
import { executionRecord, findRun, type MemoryData } from './memory-data.ts'
import { sendOutgoing } from './outgoing.ts'
import { startExecution } from './starts.ts'
import { changeUpdate } from './updates.ts'

type Looked = Map<RunId, TransitionOutcome>

/** Fence, look, close, start, append, updates, consume, tasks, outgoing, release. */
export function commit(data: MemoryData, batch: CommitBatch): CommitOutcome {
  refuseIllegal(batch)
  const { incarnation, transitions } = batch
  if (incarnation !== null && !data.isAlive(incarnation)) return { type: 'fenced' }
  const looked: Looked = new Map()
  const isEarly = (transition: Transition) => looked.has(transition.runId)
  lookAndClose(data, incarnation, transitions.filter(transition => data.executions.has(transition.runId)), looked)
  const starts = batch.starts.map(start => startExecution(data, incarnation, start))
  lookAndClose(data, incarnation, transitions.filter(transition => !isEarly(transition)), looked)
  for (const transition of transitions) {
    if (looked.get(transition.runId) !== 'ok') continue
    const isOpen = data.executions.get(transition.runId)?.status === 'RUNNING'
    if (!isOpen && transition.close === null) looked.set(transition.runId, 'lost') // a start or a close of this batch ended it
    else write(data, transition)
  }
  const done = transitions.filter(transition => looked.get(transition.runId) === 'ok')
  const outgoing = outgoingOf(data, incarnation, transitions, done)
  for (const transition of done) looked.set(transition.runId, release(data, transition))
  return {
    type: 'committed', starts, transitions: transitions.map(({ runId }) => looked.get(runId) ?? 'lost'),
    ...(outgoing === undefined ? {} : { outgoing }),
  }
}

function refuseIllegal({ incarnation, starts, transitions }: CommitBatch): void {
  const runs = new Set(transitions.map(transition => transition.runId))
  if (runs.size < transitions.length) throw new StoreRejectedError('A batch holds two transitions of one run: merge them')
  if (incarnation === null && (transitions.length > 0 || starts.some(start => start.owned))) {
    throw new StoreRejectedError('A producer may only start unowned executions')
  }
  for (const { outgoing = [], close, release } of transitions) {
    if (outgoing.length === 0) continue
    if (close !== null || release !== null) throw new StoreRejectedError('A transition with outgoing requests neither closes nor releases')
    if (outgoing.some(one => one.type === 'start' && one.start.conflictPolicy === 'TERMINATE_EXISTING')) {
      throw new StoreRejectedError('A child terminates no open run of its workflow id: its conflict policy is FAIL or USE_EXISTING')
    }
  }
}

function lookAndClose(data: MemoryData, incarnation: Incarnation | null, transitions: readonly Transition[], looked: Looked): void {
  for (const transition of transitions) looked.set(transition.runId, look(data, incarnation, transition))
  closeAll(data, transitions.flatMap(({ runId, close }) => {
    const row = data.executions.get(runId)
    return close === null || row === undefined || looked.get(runId) !== 'ok' ? [] : [{ row, close }]
  }), incarnation)
}

function look(data: MemoryData, incarnation: Incarnation | null, transition: Transition): TransitionOutcome {
  const row = data.executions.get(transition.runId)
  if (row === undefined || row.status !== 'RUNNING' || row.owner !== incarnation) return 'lost'
  return transition.close !== null && hasUnread(data, transition) ? 'unread' : 'ok'
}

function hasUnread(data: MemoryData, { runId, consumed }: Transition): boolean {
  const read = new Set(consumed)
  return data.inboxOf(runId).some(message => !read.has(message.id))
}

function write(data: MemoryData, transition: Transition): void {
  const { runId, upsert = {} } = transition
  for (const event of transition.events) data.appendEvent(runId, event)
  for (const change of transition.updates ?? []) changeUpdate(data, runId, change)
  const row = data.executions.get(runId)
  if (row === undefined) return
  const { memo = row.memo, searchAttributes = row.searchAttributes, details = row.details } = upsert
  data.putExecution({ ...row, memo, searchAttributes, details, takeovers: transition.resetTakeovers ? 0 : row.takeovers })
  if (transition.close !== null) return
  data.removeMessages(runId, transition.consumed)
  writeTasks(data, transition)
}

function writeTasks(data: MemoryData, transition: Transition): void {
  const { runId, cancelTasks } = transition
  const kept = [...data.tasksOf(runId)]
  for (const task of transition.tasks) {
    if (!kept.some(existing => existing.command === task.command)) kept.push({ ...task })
  }
  data.setTasks(runId, kept.map(task => (cancelTasks.includes(task.command) ? { ...task, cancelRequested: true } : task)))
}

function outgoingOf(
  data: MemoryData, incarnation: Incarnation | null, all: readonly Transition[], done: readonly Transition[],
): ReadonlyMap<RunId, readonly OutgoingOutcome[]> | undefined {
  const asks = ({ outgoing = [] }: Transition) => outgoing.length > 0
  return all.some(asks) ? sendOutgoing(data, incarnation, done.filter(asks)) : undefined
}

function release(data: MemoryData, { runId, release: given }: Transition): 'ok' | 'kept' {
  const row = data.executions.get(runId)
  if (row === undefined || given === null) return 'ok'
  if (given.held === null && data.inboxOf(runId).length > 0) return 'kept' // messages wake nothing held
  const { wakeAt, held, unbegun = false } = given
  const firstTaskAt = unbegun ? null : row.firstTaskAt
  data.putExecution({ ...row, owner: null, wakeAt, held: held === null ? null : { ...held }, firstTaskAt })
  return 'ok'
}

/** By itself it knows nothing of children: it looks for them. */
export function terminate(data: MemoryData, request: TerminateRequest): TerminateOutcome {
  const { status = 'TERMINATED', result = null, failure, at, next } = request
  if (next !== undefined && request.runId === null) throw new StoreRejectedError('A close from outside with a next run names the run')
  const row = findRun(data, request)
  if (row === undefined) return { type: 'not_found' }
  if (row.status !== 'RUNNING') return { type: 'closed', runId: row.runId, status: row.status }
  const close = { status, result, failure, at, hasChildren: true, ...(next === undefined ? {} : { next }) }
  closeAll(data, [{ row, close }])
  return { type: 'terminated', runId: row.runId }
}

export function overdueExecutions(
  data: MemoryData, namespace: string, now: Millis, limit: number, after?: OverduePlace,
): ExecutionRecord[] {
  const rows = [...data.open.keys()].flatMap(runId => data.executions.get(runId) ?? [])
  return rows
    .flatMap(row => (row.namespace === namespace && row.expiresAt !== null && row.expiresAt <= now ? [{ row, at: row.expiresAt }] : []))
    .sort((a, b) => a.at - b.at || (a.row.runId < b.row.runId ? -1 : 1))
    .filter(({ row, at }) => after === undefined || at > after.expiresAt || (at === after.expiresAt && row.runId > after.runId))
    .slice(0, limit)
    .map(({ row }) => executionRecord(row))
}
