/** A row of workers, as the driver and to_json give it, and the record of the port. */
import type { Incarnation, Millis, WorkerRecord } from '@perdure/engine'

export interface WorkerRow {
  readonly incarnation: Incarnation
  readonly identity: string
  readonly build_id: string
  readonly task_queues: readonly string[]
  readonly workflow_types: readonly string[]
  readonly activity_types: readonly string[]
  readonly lease_ms: number
  readonly started_at: Millis
  readonly renewed_at: Millis
  readonly ticked_at: Millis
  readonly process_lock: boolean
  readonly alive: boolean
}

export function workerRecord(row: WorkerRow): WorkerRecord {
  return {
    incarnation: row.incarnation, identity: row.identity, buildId: row.build_id, taskQueues: row.task_queues,
    workflowTypes: row.workflow_types, activityTypes: row.activity_types, leaseMs: row.lease_ms, startedAt: row.started_at,
    renewedAt: row.renewed_at, tickedAt: row.ticked_at, alive: row.alive,
    ...(row.process_lock ? {} : { leaseOnly: true }),
  }
}
