import type { Query } from '../statement.ts'
import { filterCondition, type FilterParameters } from './execution-filter.ts'

/** Plan: executions_by_workflow_id. */
export const countRunsOfWorkflowId: Query<[...FilterParameters, workflowId: string], { readonly found: number }, number> = {
  sql: `select count(*) as found from executions indexed by executions_by_workflow_id where ${filterCondition} and workflow_id = ?10`,
  decode: row => row.found,
}
