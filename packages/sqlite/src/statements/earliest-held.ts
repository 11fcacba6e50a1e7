import type { Query } from '../statement.ts'
import { heldClaimAt } from './held-claim-rule.ts'

/** Plan: executions_held alone (covering): the held ones of a queue, which are few. */
export const earliestHeld: Query<
  [namespace: string, taskQueue: string, buildId: string, workflowTypes: string], { readonly at: number | null }, number | null
> = {
  sql: `select min(${heldClaimAt}) as at from executions indexed by executions_held
    where namespace = ?1 and task_queue = ?2 and held_code is not null`,
  decode: row => row.at,
}
