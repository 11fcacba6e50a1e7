import type { Incarnation, InboxMessage, InboxPost, MessageText, PostOutcome, RunId } from '@perdure/engine'
import { findRun, type MemoryData } from './memory-data.ts'

export function post(data: MemoryData, to: InboxPost): PostOutcome {
  const row = findRun(data, to)
  if (row === undefined) return { type: 'not_found' }
  if (row.status !== 'RUNNING') return { type: 'closed', runId: row.runId }
  return { type: 'posted', id: postToRun(data, row.runId, to), runId: row.runId }
}

/** The run is open. */
export function postToRun(data: MemoryData, runId: RunId, { type, data: text }: MessageText): number {
  const id = data.nextNumber()
  data.addMessage({ id, runId, type, data: text })
  return id
}

export function readMessages(data: MemoryData, runId: RunId, limit: number): InboxMessage[] {
  return data.inboxOf(runId).slice(0, limit).map(message => ({ ...message }))
}

export function readInbox(data: MemoryData, incarnation: Incarnation, known: readonly number[], limit: number): InboxMessage[] {
  const skip = new Set(known)
  const unread: InboxMessage[] = []
  for (const [runId, messages] of data.inbox) {
    if (data.executions.get(runId)?.owner !== incarnation) continue
    for (const message of messages) if (!skip.has(message.id)) unread.push({ ...message })
  }
  return unread.sort((a, b) => a.id - b.id).slice(0, limit)
}
