import type { Millis, QueryAsked, QueryReply, Serving } from '@perdure/engine'
import type { Database } from './database.ts'
import { expiredQueryKeptMs } from './limits.ts'
import { answerQuery as storeAnswer } from './statements/answer-query.ts'
import { claimQuery } from './statements/claim-query.ts'
import { deleteExpiredQueries } from './statements/delete-expired-queries.ts'
import { findAlive } from './statements/find-alive.ts'
import { insertQuery } from './statements/insert-query.ts'
import { unansweredQueries } from './statements/unanswered-queries.ts'

function unanswered({ connection }: Database, serving: Serving, now: Millis, limit: number): QueryAsked[] {
  const { incarnation, namespace, taskQueues, workflowTypes } = serving
  return connection.all(unansweredQueries, incarnation, namespace, JSON.stringify(taskQueues), JSON.stringify(workflowTypes), now, limit)
}

export function hasQueries(database: Database, serving: Serving, now: Millis): boolean {
  return unanswered(database, serving, now, 1).length > 0
}

export function askQuery({ connection }: Database, query: QueryAsked): void {
  connection.run(insertQuery, query.id, query.namespace, query.runId, query.taskQueue, query.name, query.args, query.expiresAt)
}

export function claimQueries(database: Database, serving: Serving, now: Millis, limit: number): QueryAsked[] {
  const { connection } = database
  connection.run(deleteExpiredQueries, now - expiredQueryKeptMs)
  if (connection.get(findAlive, serving.incarnation) === undefined) return []
  const queries = unanswered(database, serving, now, limit)
  for (const { id } of queries) connection.run(claimQuery, id, serving.incarnation)
  return queries
}

export function answerQuery({ connection }: Database, id: string, reply: QueryReply): void {
  if (reply.type === 'answered') connection.run(storeAnswer, id, reply.type, reply.result, null, null)
  else connection.run(storeAnswer, id, reply.type, null, reply.code, reply.message)
}
