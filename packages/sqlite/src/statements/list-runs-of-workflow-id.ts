import type { ExecutionRecord } from '@perdure/engine'
import type { Query } from '../statement.ts'
import { filterCondition, type FilterParameters } from './execution-filter.ts'
import { decodeExecution, executionColumns, type ExecutionRow } from './execution-row.ts'

/** One page of the runs of one workflow id. Plan: executions_by_workflow_id backwards from the cursor. */
export const listRunsOfWorkflowId: Query<
  [...FilterParameters, limit: number, workflowId: string], ExecutionRow, ExecutionRecord
> = {
  sql: `select ${executionColumns} from executions indexed by executions_by_workflow_id
    where ${filterCondition} and workflow_id = ?11
    order by started_at desc, run_id desc limit ?10`,
  decode: decodeExecution,
}
