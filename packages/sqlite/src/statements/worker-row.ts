import { asIncarnation } from '@perdure/engine'
import type { WorkerRecord } from '@perdure/engine'

/** The columns of a WorkerRecord, for the statements that return one. */
export const workerColumns = `incarnation, identity, build_id, task_queues, workflow_types, activity_types, lease_ms, started_at,
  renewed_at, ticked_at, is_alive`

export interface WorkerRow {
  readonly incarnation: number
  readonly identity: string
  readonly build_id: string
  readonly task_queues: string
  readonly workflow_types: string
  readonly activity_types: string
  readonly lease_ms: number
  readonly started_at: number
  readonly renewed_at: number
  readonly ticked_at: number
  readonly is_alive: number
}

export function decodeWorker(row: WorkerRow): WorkerRecord {
  return {
    incarnation: asIncarnation(row.incarnation),
    identity: row.identity,
    buildId: row.build_id,
    taskQueues: JSON.parse(row.task_queues) as string[],
    workflowTypes: JSON.parse(row.workflow_types) as string[],
    activityTypes: JSON.parse(row.activity_types) as string[],
    leaseMs: row.lease_ms,
    startedAt: row.started_at,
    renewedAt: row.renewed_at,
    tickedAt: row.ticked_at,
    alive: row.is_alive === 1,
  }
}
