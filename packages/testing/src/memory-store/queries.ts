import type { Millis, QueryAsked, QueryReply, Serving } from '@perdure/engine'
import type { MemoryData, QueryRow } from './memory-data.ts'

/** Expired queries are kept for so long, so that a late reply is not an error. */
const expiredKeptMs = 60_000

export function mayAnswer(data: MemoryData, query: QueryRow, serving: Serving, now: Millis): boolean {
  if (query.reply !== null || query.expiresAt <= now) return false
  if (query.claimedBy !== null && data.isAlive(query.claimedBy)) return false
  const row = data.executions.get(query.runId)
  if (row === undefined) return false
  if (row.owner !== null) return row.owner === serving.incarnation
  return query.namespace === serving.namespace && serving.taskQueues.includes(query.taskQueue) &&
    serving.workflowTypes.includes(row.workflowType)
}

export function askQuery(data: MemoryData, query: QueryAsked): void {
  data.set(data.queries, query.id, { ...query, claimedBy: null, reply: null })
}

export function claimQueries(data: MemoryData, serving: Serving, now: Millis, limit: number): QueryAsked[] {
  for (const query of data.queries.values()) {
    if (query.expiresAt < now - expiredKeptMs) data.set(data.queries, query.id, undefined)
  }
  if (!data.isAlive(serving.incarnation)) return []
  const mine = [...data.queries.values()].filter(query => mayAnswer(data, query, serving, now)).slice(0, limit)
  return mine.map(query => {
    data.set(data.queries, query.id, { ...query, claimedBy: serving.incarnation })
    const { claimedBy: _claimedBy, reply: _reply, ...asked } = query
    return asked
  })
}

/** The first reply counts. */
export function answerQuery(data: MemoryData, id: string, reply: QueryReply): void {
  const query = data.queries.get(id)
  if (query !== undefined && query.reply === null) data.set(data.queries, id, { ...query, reply: { ...reply } })
}

export function takeReply(data: MemoryData, id: string): QueryReply | undefined {
  const reply = data.queries.get(id)?.reply
  if (reply === undefined || reply === null) return undefined
  data.set(data.queries, id, undefined)
  return reply
}
