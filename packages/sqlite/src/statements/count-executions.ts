import type { Query } from '../statement.ts'
import { filterCondition, type FilterParameters } from './execution-filter.ts'

/** Plan: executions_by_start, the namespace and time window; one look at each row in it. */
export const countExecutions: Query<FilterParameters, { readonly found: number }, number> = {
  sql: `select count(*) as found from executions indexed by executions_by_start where ${filterCondition}`,
  decode: row => row.found,
}
