/**
 * The order in which the hot statements take the locks of rows, found by making them wait: somebody holds all rows of one table,
 * and whatever the statement has locked by the time it waits for them came before. Two statements that keep one order never
 * wait for each other in a circle.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test, type TestContext } from 'node:test'
import { StoreBusyError } from '@perdure/engine'
import type { Client } from 'pg'
import { types } from '../../packages/postgres/src/connections.ts'
import { sessionSettings } from '../../packages/postgres/src/session-settings.ts'
import type { Database } from '../../packages/postgres/src/statement.ts'
import { type Crowd, crowd } from './crowd.ts'
import { type HotStatement, hotStatements } from './hot-statements.ts'
import { openStage, type Stage } from './stage.ts'

/** As ARCHITECTURE.md says, with the key of each: rows of one table are locked in the order of their keys. */
const keys: Readonly<Record<string, string>> = {
  workers: 'incarnation', queues: 'namespace, name', executions: 'run_id', activity_tasks: 'run_id, command',
  updates: 'run_id, update_id', inbox: 'run_id, id', queries: 'id',
}
const tables = Object.keys(keys)

let stage: Stage
let made: Crowd
/** Runs the statement; holds rows; looks who has locked what. */
let [actor, holder, observer]: Client[] = []
before(async () => {
  stage = await openStage('lock_order')
  made = await crowd(stage, { open: 1_000, closed: 100, unowned: 100 })
  ;[actor, holder, observer] = await Promise.all([stage.connect(), stage.connect(), stage.connect()])
  await actor?.query(sessionSettings(0))
})
after(() => stage.dispose())

describe('the locks of rows', () => {
  for (const statement of hotStatements()) {
    test(`${statement.file}: ${statement.what} takes those of tables in the one order, and of rows in the order of their keys`, async t => {
      const taken = await takenBy(statement)
      for (const table of tables) await checkTables(t, statement, table)
      for (const [table, rows] of taken) if (rows.length > 1) await checkRows(statement, table, rows)
    })
  }
})

describe('what these tests see', () => {
  const wrong = (texts: readonly string[]): HotStatement => ({
    file: 'none', what: 'a wrong order', rowsMax: 0,
    work: async (inner, { runs }) => {
      for (const text of texts) await inner.run({ name: '', text, writes: true }, [runs.slice(0, 2)])
    },
  })

  test('tables that are locked in another order', async t => {
    const [first, second] = ['activity_tasks', 'executions'].map(table => `select 1 from perdure.${table} where run_id = any($1) for share`)
    await assert.rejects(checkTables(t, wrong([first ?? '', second ?? '']), 'executions'), /holds what comes later/)
    await checkTables(t, wrong([second ?? '', first ?? '']), 'activity_tasks')
  })

  test('rows that are locked in another order', async () => {
    const statement = wrong(['select 1 from perdure.executions where run_id = any($1) order by run_id desc for update'])
    const rows = (await takenBy(statement)).get('executions') ?? []
    assert.equal(rows.length, 2)
    await assert.rejects(checkRows(statement, 'executions', rows), /made to wait for the last row/)
  })
})

/** It may have waited for a table: then it held no row of a later one. */
async function checkTables(t: TestContext, statement: HotStatement, table: string): Promise<void> {
  const held = await heldWhile(statement, `select 1 from perdure.${table} for update`, [], table)
  if (held === undefined) return
  const names = [...held].filter(([, rows]) => rows.length > 0).map(([name]) => name)
  t.diagnostic(`waits for ${table} holding rows of: ${names.join(', ') || 'none'}`)
  const later = names.filter(name => tables.indexOf(name) >= tables.indexOf(table))
  assert.deepEqual(later, [], `it waits for ${table} and holds what comes later`)
}

/** Made to wait for the last it holds all others, made to wait for the first it holds none. */
async function checkRows(statement: HotStatement, table: string, rows: readonly string[]): Promise<void> {
  const hold = `select 1 from perdure.${table} where ctid = $1::tid for update`
  const [first, last] = [rows[0] ?? '', rows.at(-1) ?? '']
  const heldAtLast = await heldWhile(statement, hold, [last])
  if (heldAtLast === undefined) return // it passes by what is locked
  const others = statement.waitsForOne === true ? [] : rows.slice(0, -1)
  assert.deepEqual(heldAtLast.get(table), others, `made to wait for the last row of ${table}`)
  const heldAtFirst = await heldWhile(statement, hold, [first])
  if (heldAtFirst === undefined && statement.waitsForOne === true) return // it waits for one alone, which is the last
  assert.deepEqual(heldAtFirst?.get(table), [], `made to wait for the first row of ${table}`)
}

type Locked = ReadonlyMap<string, readonly string[]>

/** The rows that it has locked when it is over, each table's in the order of its keys. */
async function takenBy(statement: HotStatement): Promise<Locked> {
  return undone(actor, async () => {
    await act(statement)
    return locked()
  })
}

/** What it holds while it waits for the rows that another holds; undefined: it did not wait. */
async function heldWhile(
  statement: HotStatement, hold: string, values: readonly string[], heldTable?: string,
): Promise<Locked | undefined> {
  return undone(actor, async () => {
    let acting: Promise<void> | undefined
    let isOver = false
    const held = await undone(holder, async () => {
      await client(holder).query(hold, [...values])
      acting = act(statement).finally(() => { isOver = true })
      return await waits(() => isOver) ? locked(heldTable, values[0]) : undefined
    })
    await acting
    return held
  })
}

async function waits(isOver: () => boolean): Promise<boolean> {
  const text = `select wait_event_type = 'Lock' as yes from pg_stat_activity where pid = $1`
  const { processID } = client(actor) as Client & { readonly processID: number }
  while (!isOver()) if ((await client(observer).query<{ yes: boolean | null }>(text, [processID])).rows[0]?.yes === true) return true
  return false
}

/** Rows that cannot be locked now; not those of the table, and not the row, that the holder has. */
async function locked(heldTable?: string, heldRow?: string): Promise<Locked> {
  const found = new Map<string, readonly string[]>()
  for (const table of tables.filter(each => each !== heldTable)) {
    found.set(table, await undone(observer, async () => {
      const free = `select x.ctid from perdure.${table} x for update skip locked`
      const text = `with free as materialized (${free})
        select x.ctid::text as row from perdure.${table} x where x.ctid not in (select f.ctid from free f) order by ${keys[table] ?? ''}`
      const { rows } = await client(observer).query<{ row: string }>(text)
      return rows.map(({ row }) => row).filter(row => row !== heldRow)
    }))
  }
  return found
}

/** What it finds is not as it expects where another holds its rows: here that does not matter. */
async function act({ work }: HotStatement): Promise<void> {
  try {
    await work(database, made, stage.arena)
  } catch (error) {
    if (!(error instanceof assert.AssertionError || error instanceof StoreBusyError)) throw error
  }
}

const database: Database = {
  run: async <Row extends object>({ text }: { readonly text: string }, values: readonly unknown[]) => (
    (await client(actor).query<Row>({ text, values: [...values], types })).rows),
}

async function undone<T>(by: Client | undefined, work: () => Promise<T>): Promise<T> {
  await client(by).query('begin')
  try {
    return await work()
  } finally {
    await client(by).query('rollback')
  }
}

function client(one: Client | undefined): Client {
  assert.ok(one !== undefined)
  return one
}
