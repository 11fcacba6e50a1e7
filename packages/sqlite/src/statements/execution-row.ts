import { asIncarnation, asRunId } from '@perdure/engine'
import type { ExecutionRecord, ExecutionStatus, Held, HeldCode, ParentClosePolicy, ParentLink, Payload } from '@perdure/engine'

/** The columns of an ExecutionRecord, for the statements that return one. */
export const executionColumns = `id, run_id, owner, status, namespace, workflow_id, workflow_type, task_queue, priority, takeovers, wake_at,
  started_at, first_task_at, closed_at, held_code, held_count, held_build_id, held_reason, held_spent, first_run_id,
  parent_run_id, parent_command, parent_close_policy, expires_at, memo, search_attributes, details, input, result, failure`

export interface ExecutionRow {
  readonly id: number
  readonly run_id: string
  readonly owner: number | null
  readonly status: ExecutionStatus
  readonly namespace: string
  readonly workflow_id: string
  readonly workflow_type: string
  readonly task_queue: string
  readonly priority: number
  readonly takeovers: number
  readonly wake_at: number | null
  readonly started_at: number
  readonly first_task_at: number | null
  readonly closed_at: number | null
  readonly held_code: HeldCode | null
  readonly held_count: number
  readonly held_build_id: string
  readonly held_reason: string
  readonly held_spent: number
  readonly first_run_id: string
  readonly parent_run_id: string | null
  readonly parent_command: number
  readonly parent_close_policy: ParentClosePolicy
  readonly expires_at: number | null
  readonly memo: Payload | null
  readonly search_attributes: Payload | null
  readonly details: Payload | null
  readonly input: Payload
  readonly result: Payload | null
  readonly failure: Payload | null
}

export function decodeExecution(row: ExecutionRow): ExecutionRecord {
  return {
    namespace: row.namespace,
    workflowId: row.workflow_id,
    runId: asRunId(row.run_id),
    workflowType: row.workflow_type,
    taskQueue: row.task_queue,
    status: row.status,
    priority: row.priority,
    owner: row.owner === null ? null : asIncarnation(row.owner),
    wakeAt: row.wake_at,
    held: decodeHeld(row),
    input: row.input,
    result: row.result,
    failure: row.failure,
    memo: row.memo,
    searchAttributes: row.search_attributes,
    firstRunId: asRunId(row.first_run_id),
    parent: decodeParent(row),
    expiresAt: row.expires_at,
    details: row.details,
    takeovers: row.takeovers,
    startedAt: row.started_at,
    firstTaskAt: row.first_task_at,
    closedAt: row.closed_at,
  }
}

function decodeParent(row: ExecutionRow): ParentLink | null {
  if (row.parent_run_id === null) return null
  return { runId: asRunId(row.parent_run_id), command: row.parent_command, closePolicy: row.parent_close_policy }
}

function decodeHeld(row: ExecutionRow): Held | null {
  if (row.held_code === null) return null
  return { code: row.held_code, reason: row.held_reason, buildId: row.held_build_id, count: row.held_count, spent: row.held_spent === 1 }
}
