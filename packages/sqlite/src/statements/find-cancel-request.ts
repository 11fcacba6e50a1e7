import type { Query } from '../statement.ts'

/** A row if a running task of the worker was asked to stop. Plan: activity_tasks_running. */
export const findCancelRequest: Query<[worker: number], { readonly command: number }, true> = {
  sql: 'select command from activity_tasks where worker = ? and cancel_requested = 1 and lost = 0 limit 1',
  decode: () => true,
}
