/** One execution: the run named, or else the open one, or else the one started last. Plans: executions_pkey, _open, _closed. */
import type { ExecutionRecord, RunId } from '@perdure/engine'
import { executionColumns, executionRecord, type ExecutionRow } from '../execution-row.ts'
import { searchable } from '../run-key.ts'
import type { Database, Statement } from '../statement.ts'

export const getRunStatement: Statement = {
  name: 'get_run_v2',
  writes: false,
  text: `
select ${executionColumns} from perdure.executions x
where x.run_id = $3 and x.namespace || '' = $1 and ($2::text is null or x.workflow_id = $2)`,
}

export const getCurrentStatement: Statement = {
  name: 'get_current_v1',
  writes: false,
  text: `
(select ${executionColumns} from perdure.executions x where x.namespace = $1 and x.workflow_id = $2 and x.status = 'RUNNING')
union all
(select ${executionColumns} from perdure.executions x where x.namespace = $1 and x.workflow_id = $2 and x.status <> 'RUNNING'
  order by x.started_at desc, x.run_id desc limit 1)
limit 1`,
}

export async function getExecution(
  database: Database, namespace: string, workflowId: string | null, runId: RunId | null,
): Promise<ExecutionRecord | undefined> {
  const [row] = runId === null
    ? await database.run<ExecutionRow>(getCurrentStatement, [namespace, workflowId])
    : await database.run<ExecutionRow>(getRunStatement, [namespace, workflowId, searchable(runId)])
  return row === undefined ? undefined : executionRecord(row)
}
