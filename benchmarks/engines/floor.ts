/**
 * The floor: no engine at all. Each workflow persists one row for each step, one after another, and goes on when its row
 * is committed; rows that are ready at the same time go out in one insert (group commit, one statement under way at a
 * time). For latency (S3) it is two rows and two commits: no workflow with a step can have its start and its result
 * durable with fewer.
 */
import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'
import type { Counts, RunningEngine, Target } from '../engine-adapter.ts'
import type { Scenario } from '../scenario.ts'
import { stepResult } from '../step.ts'

interface Row {
  readonly wf: string
  readonly step: number
  readonly output: string
}

interface Table {
  insert(rows: readonly Row[]): Promise<void>
  count(): Promise<Counts>
  close(): Promise<void>
}

export async function openEngine(target: Target, scenario: Scenario): Promise<RunningEngine> {
  const table = target.store === 'postgres' ? await openPostgres(target.database) : openSqlite(target.database)
  const persist = groupCommit(table)
  return {
    execute: async (workflowId, steps) => {
      if (scenario.unit === 'ms') await persist({ wf: workflowId, step: startRow, output: '{}' })
      for (let step = 0; step < steps; step++) {
        await persist({ wf: workflowId, step, output: JSON.stringify(stepResult(workflowId, step)) })
      }
    },
    countCompleted: () => table.count(),
    close: () => table.close(),
  }
}

/** Number of the row that stands for a start. */
const startRow = -1

/** Collects rows while an insert is under way; resolves each when its insert is committed. */
function groupCommit(table: Table): (row: Row) => Promise<void> {
  interface Waiting {
    readonly row: Row
    readonly resolve: () => void
    readonly reject: (error: unknown) => void
  }
  let waiting: Waiting[] = []
  let busy = false
  const flush = async () => {
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      try {
        await table.insert(batch.map((each) => each.row))
        for (const each of batch) each.resolve()
      } catch (error) {
        for (const each of batch) each.reject(error)
      }
      await new Promise(setImmediate)
    }
    busy = false
  }
  return (row) => new Promise((resolve, reject) => {
    waiting.push({ row, resolve, reject })
    if (busy) return
    busy = true
    setImmediate(() => void flush())
  })
}

async function openPostgres(connectionString: string): Promise<Table> {
  const client = new Client({ connectionString })
  await client.connect()
  await client.query(`create table floor (
    id bigint generated always as identity primary key, wf text not null, step int not null, output jsonb)`)
  const insert = 'insert into floor (wf, step, output) select * from unnest($1::text[], $2::int[], $3::jsonb[])'
  return {
    insert: async (rows) => {
      const values = [rows.map((row) => row.wf), rows.map((row) => row.step), rows.map((row) => row.output)]
      await client.query({ name: 'insert', text: insert, values })
    },
    count: async () => {
      const text = 'select count(distinct wf)::int as workflows, count(*)::int as steps from floor where step >= 0'
      const counted = await client.query<Counts>(text)
      return counted.rows[0] ?? { workflows: 0, steps: 0 }
    },
    close: () => client.end(),
  }
}

function openSqlite(path: string): Table {
  const database = new DatabaseSync(path)
  database.exec('pragma journal_mode = wal; pragma synchronous = full')
  database.exec('create table floor (id integer primary key, wf text not null, step int not null, output text)')
  const insert = database.prepare('insert into floor (wf, step, output) values (?, ?, ?)')
  return {
    insert: (rows) => {
      database.exec('begin immediate')
      for (const row of rows) insert.run(row.wf, row.step, row.output)
      database.exec('commit')
      return Promise.resolve()
    },
    count: () => {
      const counted = database.prepare('select count(distinct wf) as workflows, count(*) as steps from floor where step >= 0').get()
      return Promise.resolve({ workflows: Number(counted?.['workflows']), steps: Number(counted?.['steps']) })
    },
    close: () => Promise.resolve(database.close()),
  }
}
