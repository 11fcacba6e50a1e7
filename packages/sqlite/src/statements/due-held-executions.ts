import type { Query } from '../statement.ts'
import type { Due } from './due-executions.ts'
import { heldClaimAt } from './held-claim-rule.ts'

/** Held executions of a queue that this worker may try. Plan: executions_held alone (covering), sorted. */
export const dueHeldExecutions: Query<
  [namespace: string, taskQueue: string, buildId: string, workflowTypes: string, now: number, limit: number], Due, Due
> = {
  sql: `select id, priority, at, takeovers from (
      select id, priority, takeovers, ${heldClaimAt} as at from executions indexed by executions_held
      where namespace = ?1 and task_queue = ?2 and held_code is not null
    ) where at <= ?5 order by priority, at limit ?6`,
  decode: ({ id, priority, at, takeovers }) => ({ id, priority, at, takeovers }),
}
