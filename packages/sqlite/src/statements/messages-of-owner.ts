import { asRunId } from '@perdure/engine'
import type { InboxMessage } from '@perdure/engine'
import type { Query } from '../statement.ts'

interface Row {
  readonly id: number
  readonly run_id: string
  readonly type: string
  readonly data: string
}

/** Unread messages of all that an incarnation owns, read until enough. Plan: executions_by_owner, inbox_by_execution, a sort by id. */
export const messagesOfOwner: Query<[owner: number], Row, InboxMessage> = {
  sql: `select inbox.id, executions.run_id, inbox.type, inbox.data
    from executions indexed by executions_by_owner cross join inbox on inbox.execution_id = executions.id
    where executions.owner = ? and executions.unread > 0 order by inbox.id`,
  decode: row => ({ id: row.id, runId: asRunId(row.run_id), type: row.type, data: row.data }),
}
