/** A start as JSON with the names of perdure.start_v1 (migrations/0002-commit.ts): for those that do not go in the lists of a commit. */
import type { Incarnation, RunId, StartLink, StartRecord } from '@perdure/engine'

export function startRow(start: StartRecord, incarnation: Incarnation | null): object {
  return {
    run_id: start.runId, namespace: start.namespace, workflow_id: start.workflowId, workflow_type: start.workflowType,
    task_queue: start.taskQueue, priority: start.priority, input: start.input, memo: start.memo, search_attributes: start.searchAttributes,
    started_at: start.startedAt, wake_at: start.wakeAt, reuse: start.reusePolicy, conflict: start.conflictPolicy,
    owner: start.owned ? incarnation : null, ...(start.link === undefined ? {} : linkRow(start.link)),
  }
}

export function linkRow({ firstRunId, parent, expiresAt, details, messages }: StartLink): object {
  return {
    first_run: firstRunId, parent_run: parent?.runId, parent_command: parent?.command, parent_policy: parent?.closePolicy,
    expires_at: expiresAt, details,
    ...(messages.length === 0 ? {} : { messages: messages.map(({ type, data, updateId }) => ({ type, data, update_id: updateId })) }),
  }
}

/** No policy refuses it: the id is that of the run that closes. */
export function nextRow(closed: RunId, next: StartRecord, incarnation: Incarnation | null): object {
  return { closed, ...startRow({ ...next, reusePolicy: 'ALLOW_DUPLICATE', conflictPolicy: 'FAIL' }, incarnation) }
}
