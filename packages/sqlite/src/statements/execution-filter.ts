import type { ExecutionFilter, ListRequest } from '@perdure/engine'

/** ExecutionFilter as static text: each part is off when its parameter is null. ?1 to ?9. */
export const filterCondition = `namespace = ?1
  and (?2 is null or workflow_type = ?2)
  and (?3 is null or task_queue = ?3)
  and (?4 is null or status in (select value from json_each(?4)))
  and (?5 is null or substr(workflow_id, 1, length(?5)) = ?5)
  and (?6 is null or (held_code is not null) = ?6)
  and started_at >= ?7 and (started_at, run_id) < (?8, ?9)`

export type FilterParameters = [
  namespace: string, workflowType: string | null, taskQueue: string | null, statuses: string | null, workflowIdPrefix: string | null,
  held: number | null, startedFrom: number, beforeStartedAt: number, beforeRunId: string,
]

/** The end of the time window and the cursor are one position, the earlier of the two: an index can seek to one only. */
export function filterParameters(filter: ExecutionFilter, after: ListRequest['after']): FilterParameters {
  const end = { startedAt: filter.startedBefore ?? Number.MAX_SAFE_INTEGER, runId: '' }
  const before = after !== null && after.startedAt < end.startedAt ? after : end
  return [
    filter.namespace,
    filter.workflowType ?? null,
    filter.taskQueue ?? null,
    filter.statuses === undefined ? null : JSON.stringify(filter.statuses),
    filter.workflowIdPrefix ?? null,
    filter.held === undefined ? null : Number(filter.held),
    filter.startedFrom ?? 0,
    before.startedAt,
    before.runId,
  ]
}
