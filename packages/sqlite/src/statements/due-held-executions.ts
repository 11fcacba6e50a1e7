import type { Query } from '../statement.ts'
import type { Due } from './due-executions.ts'

/** Held executions of a queue and priority whose wake time has come; read until enough were found. Plan: executions_held in its order. */
export const dueHeldExecutions: Query<
  [namespace: string, taskQueue: string, waitsFor: string, priority: number, now: number], Due, Due
> = {
  sql: `select id, priority, wake_at as at, takeovers from executions indexed by executions_held
    where namespace = ? and task_queue = ? and waits_for = ? and priority = ? and wake_at <= ? order by wake_at`,
  decode: ({ id, priority, at, takeovers }) => ({ id, priority, at, takeovers }),
}
