import type { ExecutionFilter } from '@perdure/engine'

/** ExecutionFilter as static text: each part is off when its parameter is null. ?1 to ?8. */
export const filterCondition = `namespace = ?1
  and (?2 is null or workflow_type = ?2)
  and (?3 is null or task_queue = ?3)
  and (?4 is null or status in (select value from json_each(?4)))
  and (?5 is null or substr(workflow_id, 1, length(?5)) = ?5)
  and (?6 is null or (held_code is not null) = ?6)
  and started_at >= ?7 and started_at < ?8`

export type FilterParameters = [
  namespace: string, workflowType: string | null, taskQueue: string | null, statuses: string | null, workflowIdPrefix: string | null,
  held: number | null, startedFrom: number, startedBefore: number,
]

export function filterParameters(filter: ExecutionFilter): FilterParameters {
  return [
    filter.namespace,
    filter.workflowType ?? null,
    filter.taskQueue ?? null,
    filter.statuses === undefined ? null : JSON.stringify(filter.statuses),
    filter.workflowIdPrefix ?? null,
    filter.held === undefined ? null : Number(filter.held),
    filter.startedFrom ?? 0,
    filter.startedBefore ?? Number.MAX_SAFE_INTEGER,
  ]
}
