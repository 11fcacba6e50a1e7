/** The tables of the floor: one row for each start and each step. */
import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'
import type { Target } from '../engine-adapter.ts'

export interface Row {
  readonly wf: string
  /** `startRow`: the row stands for a start. */
  readonly step: number
  readonly output: string
}

export interface FloorTable {
  insert(rows: readonly Row[]): Promise<void>
  /** Takes so many starts that nobody took. */
  claim(most: number): Promise<string[]>
  count(): Promise<{ workflows: number; steps: number }>
  close(): Promise<void>
}

export const startRow = -1

export function openFloorTable({ store, database }: Target): Promise<FloorTable> {
  return store === 'postgres' ? openPostgres(database) : Promise.resolve(openSqlite(database))
}

async function openPostgres(connectionString: string): Promise<FloorTable> {
  const client = new Client({ connectionString })
  await client.connect()
  await client.query(`create table if not exists floor (
    id bigint generated always as identity primary key, wf text not null, step int not null, output jsonb,
    taken bool not null default false)`)
  await client.query(`create index if not exists floor_waiting on floor (id) where step = ${startRow} and not taken`)
  const insert = 'insert into floor (wf, step, output) select * from unnest($1::text[], $2::int[], $3::jsonb[])'
  const claim = `update floor set taken = true where id in (
    select id from floor where step = ${startRow} and not taken order by id limit $1 for update skip locked) returning wf`
  return {
    insert: async (rows) => {
      const values = [rows.map((row) => row.wf), rows.map((row) => row.step), rows.map((row) => row.output)]
      await client.query({ name: 'insert', text: insert, values })
    },
    claim: async (most) => {
      const taken = await client.query<{ wf: string }>({ name: 'claim', text: claim, values: [most] })
      return taken.rows.map((row) => row.wf)
    },
    count: async () => {
      const text = 'select count(*) filter (where step = 0)::int as workflows, count(*)::int as steps from floor where step >= 0'
      const counted = await client.query<{ workflows: number; steps: number }>(text)
      return counted.rows[0] ?? { workflows: 0, steps: 0 }
    },
    close: () => client.end(),
  }
}

function openSqlite(path: string): FloorTable {
  const database = new DatabaseSync(path, { timeout: 5_000 })
  database.exec('pragma journal_mode = wal; pragma synchronous = full')
  database.exec(`create table if not exists floor (
    id integer primary key, wf text not null, step int not null, output text, taken int not null default 0)`)
  database.exec(`create index if not exists floor_waiting on floor (id) where step = ${startRow} and not taken`)
  const insert = database.prepare('insert into floor (wf, step, output) values (?, ?, ?)')
  const claim = database.prepare(`update floor set taken = 1 where id in (
    select id from floor where step = ${startRow} and not taken order by id limit ?) returning wf`)
  const count = database.prepare('select count(*) filter (where step = 0) as workflows, count(*) as steps from floor where step >= 0')
  return {
    insert: (rows) => {
      database.exec('begin immediate')
      for (const row of rows) insert.run(row.wf, row.step, row.output)
      database.exec('commit')
      return Promise.resolve()
    },
    claim: (most) => Promise.resolve(claim.all(most).map((row) => String(row['wf']))),
    count: () => {
      const counted = count.get()
      return Promise.resolve({ workflows: Number(counted?.['workflows']), steps: Number(counted?.['steps']) })
    },
    close: () => Promise.resolve(database.close()),
  }
}
