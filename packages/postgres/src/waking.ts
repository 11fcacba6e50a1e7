/** What makes an execution that nobody owns due, in SQL: conditions of indexes and of those who look by them. */

/**
 * Whether a message wakes its execution x, asked by its sender while it holds the row: false also for those that are owned, whose
 * owner reads its inbox, and for those that are held, which no message wakes. Whoever frees an execution must not pass over what was
 * sent while it was not free: a release looks at the inbox (and locks FOR UPDATE, so that no sender's snapshot from before outlasts it),
 * a takeover makes what it frees due. A signal does not end a start delay, unless signalWithStart sent it; a request to cancel or to
 * end does.
 */
export function wakes(x: string, type: string): string {
  return `(${isFree(x)} and (${x}.first_task_at is not null or ${ends(type)}))`
}

/** Of the execution e that is sent to. */
export const ofTarget = 'e.namespace, e.task_queue, e.owner, e.held_code, e.first_task_at'

/** Neither owned nor held. */
export function isFree(x: string): string {
  return `${x}.owner is null and ${x}.held_code is null`
}

export function ends(type: string): string {
  return `${type} in ('WorkflowExecutionCancelRequested', 'WorkflowExecutionTerminateRequested', 'WorkflowExecutionSignaledWithStart')`
}

/** Of an execution that was found by its run: no other index is to be used. */
export const ofNobody = `x.status || '' = 'RUNNING' and coalesce(x.owner, -1) = -1 and x.held_code is null`

export const troubled = `x.status = 'RUNNING' and x.owner is null and (x.held_code is not null or x.takeovers >= 2)`

/**
 * What the troubled wait for: another build (build:), that or their wake time (time:), a worker with their type (type:), their wake
 * time alone (nothing). Ranges of executions_troubled: a worker steps over what does not wait for it, however much that is.
 */
export const waitsFor = `(case when x.held_code is null then '' when x.held_code = 'unknown_workflow_type' then 'type:' || x.workflow_type
  when x.held_code = 'crash_loop' then 'build:' || x.held_build_id else 'time:' || x.held_build_id end)`
