import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import type { Connection } from '../src/connection.ts'
import { openDatabase } from '../src/database-file.ts'

const folder = join(import.meta.dirname, '..', 'src', 'statements')

/** Every statement of the store, by its name. */
async function allStatements(): Promise<ReadonlyMap<string, string>> {
  const statements = new Map<string, string>()
  for (const file of readdirSync(folder).filter(name => name.endsWith('.ts'))) {
    const exported = await import(join(folder, file)) as Record<string, unknown>
    for (const [name, value] of Object.entries(exported)) {
      if (typeof value === 'object' && value !== null && 'sql' in value) statements.set(name, String(value.sql))
    }
  }
  return statements
}

/** Read a whole table that stays small: the workers of a day, the tenants. */
const mayScan = ['deleteDeadWorkers', 'listNamespaces']

/** The plan of what runs all the time, index by index; a change of the schema or of SQLite that alters one is seen here. */
const expected: Readonly<Record<string, readonly string[]>> = {
  findAlive: ['SEARCH workers USING INTEGER PRIMARY KEY (rowid=?)'],
  appendEvent: ['SEARCH executions USING INTEGER PRIMARY KEY (rowid=?)'],
  findRun: ['SEARCH executions USING INDEX sqlite_autoindex_executions_1 (run_id=?)'],
  findOwnership: ['SEARCH executions USING INTEGER PRIMARY KEY (rowid=?)'],
  closeExecution: ['SEARCH executions USING INTEGER PRIMARY KEY (rowid=?)'],
  releaseExecution: ['SEARCH executions USING INTEGER PRIMARY KEY (rowid=?)'],
  claimExecution: ['SEARCH executions USING INTEGER PRIMARY KEY (rowid=?)'],
  findOpenRun: ['SEARCH executions USING INDEX executions_open (namespace=? AND workflow_id=?)'],
  findLastRun: ['SEARCH executions USING INDEX executions_by_workflow_id (namespace=? AND workflow_id=?)'],
  deleteMessage: ['SEARCH inbox USING INTEGER PRIMARY KEY (rowid=?)'],
  deleteMessagesOf: ['SEARCH inbox USING COVERING INDEX inbox_by_execution (execution_id=?)'],
  messagesOf: ['SEARCH inbox USING INDEX inbox_by_execution (execution_id=?)'],
  messagesOfOwner: [
    'SEARCH executions USING INDEX executions_by_owner (owner=? AND unread>?)',
    'SEARCH inbox USING INDEX inbox_by_execution (execution_id=?)', 'USE TEMP B-TREE FOR ORDER BY',
  ],
  findUnreadOfOwner: ['SEARCH executions USING COVERING INDEX executions_by_owner (owner=? AND unread>?)'],
  listOwned: ['SEARCH executions USING INDEX executions_by_owner (owner=?)'],
  eventAt: ['SEARCH history USING INDEX history_by_seq (seq=? AND execution_id=?)'],
  eventsFrom: [
    'CO-ROUTINE found', 'SETUP', 'SCAN CONSTANT ROW', 'SCALAR SUBQUERY 1',
    'SEARCH history USING COVERING INDEX history_by_seq (seq=? AND execution_id=?)', 'RECURSIVE STEP', 'SCAN found',
    'CORRELATED SCALAR SUBQUERY 3', 'SEARCH history USING COVERING INDEX history_by_seq (seq=? AND execution_id=?)',
    'SCAN found', 'SEARCH h USING INTEGER PRIMARY KEY (rowid=?)', 'USE TEMP B-TREE FOR ORDER BY',
  ],
  nextPriority: ['SEARCH executions USING INDEX executions_claimable (namespace=? AND task_queue=? AND priority>?)'],
  earliestClaimable: ['SEARCH executions USING INDEX executions_claimable (namespace=? AND task_queue=? AND priority=? AND claim_at>?)'],
  dueExecutions: ['SEARCH executions USING INDEX executions_claimable (namespace=? AND task_queue=? AND priority=? AND claim_at<?)'],
  nextAwaited: ['SEARCH executions USING INDEX executions_held (namespace=? AND task_queue=? AND waits_for>? AND waits_for<?)'],
  nextHeldPriority: [
    'SEARCH executions USING INDEX executions_held (namespace=? AND task_queue=? AND waits_for=? AND priority>?)',
  ],
  earliestHeldWake: [
    'SEARCH executions USING INDEX executions_held '
      + '(namespace=? AND task_queue=? AND waits_for=? AND priority=? AND wake_at>?)',
  ],
  heldExecutions: ['SEARCH executions USING INDEX executions_held (namespace=? AND task_queue=? AND waits_for=?)'],
  dueHeldExecutions: [
    'SEARCH executions USING INDEX executions_held '
      + '(namespace=? AND task_queue=? AND waits_for=? AND priority=? AND wake_at<?)',
  ],
  earliestDeadline: ['SEARCH activity_tasks USING COVERING INDEX activity_tasks_by_deadline (namespace=? AND deadline_at>?)'],
  earliestExpiry: ['SEARCH executions USING COVERING INDEX executions_by_expiry (namespace=? AND expires_at>?)'],
  overdueExecutions: [
    'SEARCH executions USING INDEX executions_by_expiry (namespace=? AND expires_at>? AND expires_at<?)',
    'USE TEMP B-TREE FOR LAST TERM OF ORDER BY',
  ],
  childrenOf: ['SEARCH executions USING INDEX executions_children (parent_run_id=?)'],
  putUpdate: [],
  findUpdate: [
    'SEARCH executions USING INDEX sqlite_autoindex_executions_1 (run_id=?)',
    'SEARCH updates USING PRIMARY KEY (execution_id=? AND update_id=?)',
  ],
  expiredTasks: [
    'SEARCH activity_tasks USING INDEX activity_tasks_by_deadline (namespace=? AND deadline_at<?)',
    'SEARCH executions USING INTEGER PRIMARY KEY (rowid=?)',
  ],
  nextTaskGroup: [
    'SEARCH activity_tasks USING INDEX activity_tasks_waiting (namespace=? AND task_queue=? AND (activity_type,priority)>(?,?))',
  ],
  dueTasks: [
    'SEARCH activity_tasks USING INDEX activity_tasks_waiting '
      + '(namespace=? AND task_queue=? AND activity_type=? AND priority=? AND available_at<?)',
  ],
  startTask: ['SEARCH activity_tasks USING INTEGER PRIMARY KEY (rowid=?)'],
  findCancelRequest: ['SEARCH activity_tasks USING INDEX activity_tasks_running (worker=? AND cancel_requested=?)'],
  loseTasks: ['SEARCH activity_tasks USING INDEX activity_tasks_running (worker=?)'],
  findQueue: ['SEARCH queues USING PRIMARY KEY (namespace=? AND name=?)'],
  countRunningTasks: [
    'CO-ROUTINE (subquery-1)',
    'SEARCH activity_tasks USING COVERING INDEX activity_tasks_of_queue (namespace=? AND task_queue=? AND worker>?)', 'SCAN (subquery-1)',
  ],
  listSuspects: ['SEARCH workers USING COVERING INDEX workers_alive (renewed_at<?)'],
  listExecutions: [
    'SEARCH executions USING INDEX executions_by_start (namespace=? AND started_at>? AND (started_at,run_id)<(?,?))',
    'LIST SUBQUERY 1', 'SCAN json_each VIRTUAL TABLE INDEX 1:', 'CREATE BLOOM FILTER',
  ],
}

describe('query plans', async () => {
  const statements = await allStatements()
  let connection: Connection
  before(async () => {
    connection = await openDatabase({ location: ':memory:', now: () => 0, migrate: true })
  })
  const planOf = (sql: string) => connection.all(
    { sql: `explain query plan ${sql}`, decode: (row: { detail: string }) => row.detail }, ...nulls(sql),
  )

  test('the statements were found', () => {
    assert.ok(statements.size > 50, `${statements.size} statements`)
    assert.deepEqual(Object.keys(expected).filter(name => !statements.has(name)), [])
  })

  for (const [name, sql] of statements) {
    test(`${name} reads no table from end to end`, () => {
      const ownTable = /with recursive (\w+)/.exec(sql)?.[1] ?? 'none' // what the statement itself has found
      const isBounded = (step: string) => /json_each|CONSTANT ROW|\(subquery/.test(step) || step === `SCAN ${ownTable}`
      const scans = planOf(sql).filter(step => step.startsWith('SCAN') && !isBounded(step))
      if (!mayScan.includes(name)) assert.deepEqual(scans, [])
    })
  }

  for (const [name, plan] of Object.entries(expected)) {
    test(`the plan of ${name} is as measured`, () => {
      assert.deepEqual(planOf(statements.get(name) ?? ''), plan)
    })
  }
})

/** One null for each parameter: plans do not depend on values. */
function nulls(sql: string): null[] {
  const numbers = [...sql.matchAll(/\?(\d+)/g)].map(match => Number(match[1]))
  const count = numbers.length > 0 ? Math.max(...numbers) : sql.split('?').length - 1
  return Array.from({ length: count }, () => null)
}
