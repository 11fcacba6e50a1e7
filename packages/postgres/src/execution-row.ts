/** A row of executions, as the driver and to_json give it, and the record of the port. */
import type {
  ExecutionRecord, ExecutionStatus, Held, HeldCode, Incarnation, ParentClosePolicy, ParentLink, Payload, RunId,
} from '@perdure/engine'

export interface ExecutionRow {
  readonly run_id: RunId
  readonly namespace: string
  readonly workflow_id: string
  readonly workflow_type: string
  readonly task_queue: string
  readonly status: ExecutionStatus
  readonly priority: number
  readonly takeovers: number
  readonly owner: Incarnation | null
  readonly wake_at: number | null
  readonly started_at: number
  readonly first_task_at: number | null
  readonly closed_at: number | null
  readonly first_run_id: RunId
  readonly parent_run_id: RunId | null
  readonly parent_command: number
  readonly parent_close_policy: ParentClosePolicy
  readonly expires_at: number | null
  readonly held_code: HeldCode | null
  readonly held_reason: string | null
  readonly held_build_id: string | null
  readonly held_count: number | null
  readonly held_spent: boolean | null
  readonly input: Payload
  readonly result: Payload | null
  readonly failure: Payload | null
  readonly memo: Payload | null
  readonly search_attributes: Payload | null
  readonly details: Payload | null
}

/** For `select ... from perdure.executions x`. */
export const executionColumns = [
  'run_id', 'namespace', 'workflow_id', 'workflow_type', 'task_queue', 'status', 'priority', 'takeovers', 'owner', 'wake_at', 'started_at',
  'first_task_at', 'closed_at', 'first_run_id', 'held_code', 'held_reason', 'held_build_id', 'held_count', 'held_spent', 'input',
  'result', 'failure', 'memo', 'search_attributes', 'parent_run_id', 'parent_command', 'parent_close_policy', 'expires_at', 'details',
].map(column => `x.${column}`).join(', ')

export function executionRecord(row: ExecutionRow): ExecutionRecord {
  return {
    namespace: row.namespace, workflowId: row.workflow_id, runId: row.run_id, workflowType: row.workflow_type, taskQueue: row.task_queue,
    status: row.status, priority: row.priority, owner: row.owner, wakeAt: row.wake_at, held: held(row), input: row.input,
    result: row.result, failure: row.failure, memo: row.memo, searchAttributes: row.search_attributes, firstRunId: row.first_run_id,
    takeovers: row.takeovers, startedAt: row.started_at, firstTaskAt: row.first_task_at, closedAt: row.closed_at, parent: parent(row),
    expiresAt: row.expires_at, details: row.details,
  }
}

function parent({ parent_run_id: runId, parent_command: command, parent_close_policy: closePolicy }: ExecutionRow): ParentLink | null {
  return runId === null ? null : { runId, command, closePolicy }
}

function held(row: ExecutionRow): Held | null {
  if (row.held_code === null) return null
  const { held_code: code, held_reason: reason, held_build_id: buildId, held_count: count, held_spent: spent } = row
  return { code, reason: reason ?? '', buildId: buildId ?? '', count: count ?? 0, spent: spent ?? false }
}
