import type { Query } from '../statement.ts'

export interface Due {
  readonly id: number
  readonly priority: number
  readonly at: number
  readonly takeovers: number
}

/**
 * Claimable executions of one queue and priority, the longest due first; read until enough were found.
 * Plan: executions_claimable in its order, only as far as it is read. One statement over all priorities would walk
 * past everything that sleeps.
 */
export const dueExecutions: Query<[namespace: string, taskQueue: string, priority: number, now: number], Due, Due> = {
  sql: `select id, priority, claim_at as at, takeovers from executions indexed by executions_claimable
    where namespace = ? and task_queue = ? and priority = ? and claim_at <= ? order by claim_at`,
  decode: ({ id, priority, at, takeovers }) => ({ id, priority, at, takeovers }),
}
