/** Claim: perdure.claim_v1 (migrations/0003-work.ts) locks, reads and takes executions in one round trip. */
import type { ActivityTask, ClaimedExecution, ClaimRequest, InboxMessage, RunId } from '@perdure/engine'
import { executionRecord, type ExecutionRow } from '../execution-row.ts'
import type { Database, Statement } from '../statement.ts'
import { activityTask, type TaskRow } from '../task-row.ts'

export const claimStatement: Statement = {
  name: 'claim_v1',
  text: 'select * from perdure.claim_v1($1, $2, $3, $4, $5, $6, $7, $8)',
  writes: true,
}

interface ClaimRow {
  /** As it was before the claim. */
  readonly execution: ExecutionRow
  readonly history: readonly (readonly [number, string, number, string])[] | null
  readonly tasks: readonly TaskRow[] | null
  readonly inbox: readonly { readonly id: number; readonly run_id: RunId; readonly type: string; readonly data: string }[] | null
}

export async function claim(database: Database, request: ClaimRequest): Promise<readonly ClaimedExecution[]> {
  const { incarnation, namespace, taskQueues, workflowTypes, buildId, now, limit, suspectLimit } = request
  const rows = await database.run<ClaimRow>(claimStatement, [
    incarnation, namespace, taskQueues, workflowTypes, buildId, now, limit, suspectLimit,
  ])
  return rows.map(row => claimed(row, request))
}

function claimed(row: ClaimRow, { incarnation, now }: ClaimRequest): ClaimedExecution {
  const before = executionRecord(row.execution)
  return {
    execution: { ...before, owner: incarnation, wakeAt: null, firstTaskAt: before.firstTaskAt ?? now },
    first: before.firstTaskAt === null,
    history: (row.history ?? []).map(([seq, type, at, data]) => ({ seq, type, at, data })),
    tasks: (row.tasks ?? []).map((task): ActivityTask => activityTask(task)),
    inbox: (row.inbox ?? []).map(({ id, run_id, type, data }): InboxMessage => ({ id, runId: run_id, type, data })),
  }
}
