import type {
  Incarnation, InboxMessage, InboxPost, PostOutcome, RunId, TerminateOutcome, TerminateRequest,
} from '@perdure/engine'
import { terminateRow } from './commit.ts'
import type { Database } from './database.ts'
import { findLastRun } from './statements/find-last-run.ts'
import { findOpenRun } from './statements/find-open-run.ts'
import { findRun } from './statements/find-run.ts'
import { insertMessage } from './statements/insert-message.ts'
import { messagesOf } from './statements/messages-of.ts'
import { messagesOfOwner } from './statements/messages-of-owner.ts'

interface Target {
  readonly namespace: string
  /** Null: any; then a run is named. */
  readonly workflowId: string | null
  readonly runId: RunId | null
}

/** The run named, or else the open one, or else the one started last. */
export function findTarget({ connection }: Database, target: Target) {
  const { namespace, workflowId, runId } = target
  if (runId === null) {
    if (workflowId === null) return undefined
    const open = connection.get(findOpenRun, namespace, workflowId)
    return open === undefined ? connection.get(findLastRun, namespace, workflowId) : { ...open, status: 'RUNNING' as const }
  }
  const run = connection.get(findRun, runId)
  if (run === undefined || run.namespace !== namespace || (workflowId !== null && run.workflowId !== workflowId)) return undefined
  return { id: run.id, runId, status: run.status }
}

export function post(database: Database, to: InboxPost): PostOutcome {
  const target = findTarget(database, to)
  if (target === undefined) return { type: 'not_found' }
  const { runId, status } = target
  if (status !== 'RUNNING') return { type: 'closed', runId }
  return { type: 'posted', id: database.connection.change(insertMessage, target.id, to.type, to.data).row, runId }
}

export function readInbox({ connection }: Database, incarnation: Incarnation, known: readonly number[], limit: number): InboxMessage[] {
  const skip = new Set(known)
  const unread: InboxMessage[] = []
  for (const message of connection.rows(messagesOfOwner, incarnation)) {
    if (unread.length >= limit) break
    if (!skip.has(message.id)) unread.push(message)
  }
  return unread
}

export function readMessages({ connection, runs }: Database, runId: RunId, limit: number): InboxMessage[] {
  const id = runs.idOf(runId)
  return id === undefined ? [] : connection.all(messagesOf, id).slice(0, limit).map(message => ({ ...message, runId }))
}

export function terminate(database: Database, request: TerminateRequest): TerminateOutcome {
  const target = findTarget(database, request)
  if (target === undefined) return { type: 'not_found' }
  const { id, runId, status } = target
  if (status !== 'RUNNING') return { type: 'closed', runId, status }
  terminateRow(database, id, { status: 'TERMINATED', result: null, failure: request.failure, at: request.at })
  return { type: 'terminated', runId }
}
