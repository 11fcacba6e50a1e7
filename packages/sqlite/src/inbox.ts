import { StoreRejectedError } from '@perdure/engine'
import type {
  Incarnation, InboxMessage, InboxPost, PostOutcome, RunId, TerminateOutcome, TerminateRequest,
} from '@perdure/engine'
import { endRow } from './closing.ts'
import type { Database } from './database.ts'
import { insertMessage } from './statements/insert-message.ts'
import { messagesOf } from './statements/messages-of.ts'
import { messagesOfOwner } from './statements/messages-of-owner.ts'
import { findTarget } from './target.ts'

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

/** By itself it knows nothing of children: it looks for them. */
export function terminate(database: Database, request: TerminateRequest): TerminateOutcome {
  const { status = 'TERMINATED', result = null, failure, at, next } = request
  if (next !== undefined && request.runId === null) throw new StoreRejectedError('A close from outside with a next run names the run')
  const target = findTarget(database, request)
  if (target === undefined) return { type: 'not_found' }
  const { id, runId } = target
  if (target.status !== 'RUNNING') return { type: 'closed', runId, status: target.status }
  endRow(database, id, { status, result, failure, at, ...(next === undefined ? {} : { next }) })
  return { type: 'terminated', runId }
}
