/**
 * Lists and counts. The conditions that a filter has make the text, their values are parameters.
 *
 * Plans: executions_listed (which has the expression namespace || '') in its own order, stopping at the limit. With a
 * workflow id or a prefix of one, executions_open and executions_closed, the two halves that hold every row once.
 */
import type { ExecutionFilter, ExecutionRecord, ListRequest } from '@perdure/engine'
import { executionColumns, executionRecord, type ExecutionRow } from '../execution-row.ts'
import type { Database, Value } from '../statement.ts'

export async function listExecutions(database: Database, request: ListRequest): Promise<readonly ExecutionRecord[]> {
  const values: Value[] = []
  const put = (value: Value) => `$${values.push(value)}`
  const conditions = conditionsOf(request, put)
  if (request.after !== null) {
    conditions.push(`(x.started_at, x.run_id) < (${put(request.after.startedAt)}::bigint, ${put(request.after.runId)}::uuid)`)
  }
  const order = `order by x.started_at desc, x.run_id desc limit ${put(request.limit)}::bigint`
  const text = isById(request)
    ? `select * from (${halves(executionColumns, conditions)}) x ${order}`
    : `select ${executionColumns} from perdure.executions x where ${conditions.join(' and ')} ${order}`
  return (await database.run<ExecutionRow>({ name: '', text, writes: false }, values)).map(executionRecord)
}

export async function countExecutions(database: Database, filter: ExecutionFilter): Promise<number> {
  const values: Value[] = []
  const conditions = conditionsOf(filter, value => `$${values.push(value)}`)
  const text = isById(filter)
    ? `select count(*) as total from (${halves('1', conditions)}) x`
    : `select count(*) as total from perdure.executions x where ${conditions.join(' and ')}`
  const [row] = await database.run<{ readonly total: number }>({ name: '', text, writes: false }, values)
  return row?.total ?? 0
}

function isById(filter: ExecutionFilter): boolean {
  return filter.workflowId !== undefined || (filter.workflowIdPrefix ?? '') !== ''
}

function halves(columns: string, conditions: readonly string[]): string {
  const half = (status: string) => `select ${columns} from perdure.executions x where ${[...conditions, status].join(' and ')}`
  return `${half("x.status = 'RUNNING'")} union all ${half("x.status <> 'RUNNING'")}`
}

function conditionsOf(filter: ExecutionFilter, put: (value: Value) => string): string[] {
  const { workflowId, workflowIdPrefix, workflowType, taskQueue, statuses, startedFrom, startedBefore, held } = filter
  const conditions = [`x.namespace${isById(filter) ? '' : " || ''"} = ${put(filter.namespace)}`]
  if (workflowId !== undefined) conditions.push(`x.workflow_id = ${put(workflowId)}`)
  if (workflowIdPrefix !== undefined) conditions.push(`x.workflow_id >= ${put(workflowIdPrefix)}`)
  const beyond = afterPrefix(workflowIdPrefix ?? '')
  if (beyond !== undefined) conditions.push(`x.workflow_id < ${put(beyond)}`)
  if (workflowType !== undefined) conditions.push(`x.workflow_type = ${put(workflowType)}`)
  if (taskQueue !== undefined) conditions.push(`x.task_queue = ${put(taskQueue)}`)
  if (statuses !== undefined) conditions.push(`x.status = any(${put(statuses)}::text[])`)
  if (startedFrom !== undefined) conditions.push(`x.started_at >= ${put(startedFrom)}::bigint`)
  if (startedBefore !== undefined) conditions.push(`x.started_at < ${put(startedBefore)}::bigint`)
  if (held !== undefined) conditions.push(`x.held_code is ${held ? 'not null' : 'null'}`)
  return conditions
}

/** The first text beyond all that begin with the prefix, in the order of code points, which is that of the collation "C". */
function afterPrefix(prefix: string): string | undefined {
  const points = Array.from(prefix)
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    const next = (last.codePointAt(0) ?? 0) + 1
    if (next <= 0x10_FF_FF) return points.join('') + String.fromCodePoint(next === 0xD8_00 ? 0xE0_00 : next)
  }
  return undefined
}
