import type { ParentClosePolicy } from '@perdure/engine'
import type { Query } from '../statement.ts'

interface Child {
  readonly id: number
  readonly policy: ParentClosePolicy
}

/** Open children that the close of their parent ends. Plan: executions_children. */
export const childrenOf: Query<[runId: string], { readonly id: number; readonly parent_close_policy: ParentClosePolicy }, Child> = {
  sql: `select id, parent_close_policy from executions
    where parent_run_id = ? and status = 'RUNNING' and parent_close_policy <> 'ABANDON'`,
  decode: row => ({ id: row.id, policy: row.parent_close_policy }),
}
