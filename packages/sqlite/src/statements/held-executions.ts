import type { Query } from '../statement.ts'
import type { Due } from './due-executions.ts'

/** Held executions of a queue that this worker may try at once; read until enough were found. Plan: executions_held in its order. */
export const heldExecutions: Query<[namespace: string, taskQueue: string, waitsFor: string], Due, Due> = {
  sql: `select id, priority, 0 as at, takeovers from executions indexed by executions_held
    where namespace = ? and task_queue = ? and waits_for = ? order by priority`,
  decode: ({ id, priority, at, takeovers }) => ({ id, priority, at, takeovers }),
}
