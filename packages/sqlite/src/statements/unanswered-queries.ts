import { asRunId } from '@perdure/engine'
import type { Payload, QueryAsked } from '@perdure/engine'
import type { Query } from '../statement.ts'

interface Row {
  readonly id: string
  readonly namespace: string
  readonly run_id: string
  readonly task_queue: string
  readonly name: string
  readonly args: Payload
  readonly expires_at: number
}

/**
 * Queries that a worker may answer and nobody alive has taken: of runs it owns, of unowned or closed ones on its queues
 * and of its types (JSON arrays). Plan: queries_unanswered, primary keys. Few queries wait at any time.
 */
export const unansweredQueries: Query<
  [incarnation: number, namespace: string, taskQueues: string, workflowTypes: string, now: number, limit: number], Row, QueryAsked
> = {
  sql: `select queries.id, queries.namespace, queries.run_id, queries.task_queue, name, args, queries.expires_at
    from queries indexed by queries_unanswered cross join executions on executions.run_id = queries.run_id
    where reply_type is null and queries.expires_at > ?5
      and (claimed_by is null or not exists (select 1 from workers where incarnation = claimed_by and is_alive = 1))
      and (owner = ?1 or (owner is null and queries.namespace = ?2
        and queries.task_queue in (select value from json_each(?3)) and workflow_type in (select value from json_each(?4))))
    order by queries.expires_at limit ?6`,
  decode: row => ({
    id: row.id, namespace: row.namespace, runId: asRunId(row.run_id), taskQueue: row.task_queue, name: row.name, args: row.args,
    expiresAt: row.expires_at,
  }),
}
