/** A connection with the store's settings on which every statement, also inside functions, tells its plan with what it read. */
import type { Client } from 'pg'
import { types } from '../../packages/postgres/src/connections.ts'
import { sessionSettings } from '../../packages/postgres/src/session-settings.ts'
import type { Database } from '../../packages/postgres/src/statement.ts'

export interface Scan {
  /** "Seq Scan", "Index Scan", ... */
  readonly kind: string
  readonly table: string
  readonly index: string | undefined
  /** False: an index was read from end to end. */
  readonly hasCondition: boolean
  /** Rows that were read, also those that a filter threw away. */
  readonly rows: number
}

interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly 'Index Cond'?: string
  readonly 'Actual Rows'?: number
  readonly 'Actual Loops'?: number
  readonly 'Rows Removed by Filter'?: number
  readonly 'Rows Removed by Index Recheck'?: number
  readonly 'Rows Removed by Join Filter'?: number
  readonly Plans?: readonly PlanNode[]
}

export interface ExplainedDatabase extends Database {
  /** The scans of all that `work` ran. */
  scansOf(work: (database: Database) => Promise<unknown>): Promise<readonly Scan[]>
  /** How many pairs of rows its joins compared in vain. */
  comparedIn(work: (database: Database) => Promise<unknown>): Promise<number>
}

/** Needs a superuser: the module that tells the plans is loaded into the session. */
export async function explainedDatabase(client: Client): Promise<ExplainedDatabase> {
  let scans: Scan[] = []
  let compared = 0
  client.on('notice', ({ message }) => {
    const from = message?.indexOf('{') ?? -1
    if (message === undefined || from < 0) return
    const { Plan } = JSON.parse(message.slice(from)) as { readonly Plan: PlanNode }
    collect(Plan, scans)
    compared += comparisons(Plan)
  })
  await client.query('load \'auto_explain\'')
  await client.query(sessionSettings(1_000))
  const settings = {
    'auto_explain.log_min_duration': '0', 'auto_explain.log_analyze': 'on', 'auto_explain.log_timing': 'off',
    'auto_explain.log_nested_statements': 'on', 'auto_explain.log_format': 'json', 'auto_explain.log_level': 'notice',
  }
  for (const [name, value] of Object.entries(settings)) await client.query(`select set_config('${name}', '${value}', false)`)
  const database: Database = {
    run: async <Row extends object>({ name, text }: { readonly name: string; readonly text: string }, values: readonly unknown[]) => {
      const { rows } = await client.query<Row>({ text, values: [...values], types, ...(name === '' ? {} : { name }) })
      return rows
    },
  }
  return {
    ...database,
    scansOf: async work => {
      scans = []
      await work(database)
      return scans
    },
    comparedIn: async work => {
      compared = 0
      await work(database)
      return compared
    },
  }
}

function comparisons(node: PlanNode): number {
  const below = (node.Plans ?? []).reduce((sum, child) => sum + comparisons(child), 0)
  return below + (node['Rows Removed by Join Filter'] ?? 0) * (node['Actual Loops'] ?? 0)
}

function collect(node: PlanNode, scans: Scan[]): void {
  const table = node['Relation Name']
  if (table !== undefined && node['Node Type'].includes('Scan')) {
    const removed = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)
    scans.push({
      kind: node['Node Type'], table, index: node['Index Name'],
      hasCondition: node['Index Cond'] !== undefined || node['Node Type'] === 'Bitmap Heap Scan',
      rows: ((node['Actual Rows'] ?? 0) + removed) * (node['Actual Loops'] ?? 0),
    })
  }
  for (const child of node.Plans ?? []) collect(child, scans)
}
