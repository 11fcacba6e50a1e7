/** Where the processes under test find their databases: a new one for each, copied from templates. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'
import { openTestServer } from '../support/postgres-cluster.ts'
import { openStoreOf } from './open-store.ts'
import { registeredStatements, type StoreKind } from './statement-registry.ts'

/** What a database holds at first: nothing at all, the tables, or what a worker left that died. */
export type Beginning = 'nothing' | 'tables' | 'dead worker'

export interface Place {
  readonly database: string
  readonly journalFile: string
  readonly folder: string
  /** Rows and files that must be gone in the end. */
  left(): Promise<Readonly<Record<string, number>>>
  remove(): Promise<void>
}

export interface Home {
  readonly store: StoreKind
  readonly folder: string
  readonly namesFile: string
  place(beginning: Beginning): Promise<Place>
  /** Makes a beginning of what lies at a place now. */
  keep(place: Place, beginning: Beginning): Promise<void>
  close(): Promise<void>
}

interface Databases {
  create(name: string, from: string | undefined): Promise<string>
  drop(name: string): Promise<void>
  left(name: string): Promise<Readonly<Record<string, number>>>
  /** What was written last is in the database, and nobody is connected: it can be copied. */
  settle(name: string): Promise<void>
  close(): Promise<void>
}

/** Queries whose asker died expire by themselves. */
const tables = ['inbox', 'activity_tasks']

export async function openHome(store: StoreKind): Promise<Home> {
  const folder = mkdtempSync(join(tmpdir(), 'perdure-crash-points-'))
  const namesFile = join(folder, 'names.json')
  writeFileSync(namesFile, JSON.stringify(Object.fromEntries((await registeredStatements(store)).map(({ text, name }) => [text, name]))))
  const databases = store === 'sqlite' ? sqliteDatabases(folder) : await postgresDatabases()
  const templates = new Map<Beginning, { readonly name: string; readonly journalFile: string | undefined }>()
  let count = 0
  const place = async (beginning: Beginning): Promise<Place> => {
    const template = templates.get(beginning)
    const name = `point_${++count}`
    const own = join(folder, name)
    mkdirSync(own)
    const database = await databases.create(name, template?.name)
    const journalFile = join(own, 'journal')
    if (template?.journalFile !== undefined) cpSync(template.journalFile, journalFile)
    return {
      database, folder: own, journalFile,
      left: () => databases.left(name),
      remove: async () => {
        await databases.drop(name)
        rmSync(own, { recursive: true, force: true })
      },
    }
  }
  const home: Home = {
    store, folder, namesFile, place,
    keep: async (kept, beginning) => {
      const name = kept.folder.slice(folder.length + 1)
      await databases.settle(name)
      templates.set(beginning, { name, journalFile: existsSync(kept.journalFile) ? kept.journalFile : undefined })
    },
    close: async () => {
      await databases.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  const first = await place('nothing')
  await (await openStoreOf(first.database)).close()
  await home.keep(first, 'tables')
  return home
}

function sqliteDatabases(folder: string): Databases {
  const fileOf = (name: string) => join(folder, name, 'database.db')
  const opened = <T>(name: string, work: (database: DatabaseSync) => T): T => {
    const database = new DatabaseSync(fileOf(name))
    try {
      return work(database)
    } finally {
      database.close()
    }
  }
  return {
    create: async (name, from) => {
      // With the locks of workers: those of the dead are files that nobody holds.
      const isPart = (file: string) => file.startsWith('database.db') && !/-(wal|shm)$/.test(file)
      for (const file of from === undefined ? [] : readdirSync(join(folder, from)).filter(isPart)) {
        cpSync(join(folder, from ?? '', file), join(folder, name, file))
      }
      return fileOf(name)
    },
    drop: async () => {},
    left: async name => {
      const rows = opened(name, database => tables.map(table => (
        [table, Number(database.prepare(`select count(*) as n from ${table}`).get()?.['n'])])))
      const files = readdirSync(join(folder, name)).filter(file => file.includes('-worker-')).length
      return { ...Object.fromEntries(rows) as Record<string, number>, files }
    },
    settle: async name => {
      opened(name, database => database.exec('pragma wal_checkpoint(truncate)'))
    },
    close: async () => {},
  }
}

async function postgresDatabases(): Promise<Databases> {
  const server = await openTestServer()
  const admin = new Client({ connectionString: server.connectionString })
  await admin.connect()
  let asked: Promise<unknown> = Promise.resolve()
  /** One at a time: many points share this connection. */
  const ask = <Row extends object>(text: string, values: readonly string[] = []): Promise<readonly Row[]> => {
    const answer = asked.then(async () => (await admin.query<Row>(text, [...values])).rows)
    asked = answer.catch(() => undefined)
    return answer
  }
  const made = new Map<string, string>()
  const prefix = `crash_${process.pid}_`
  const addressOf = (name: string) => {
    const url = new URL(server.connectionString)
    url.pathname = `/${prefix}${name}`
    return url.href
  }
  const drop = async (name: string) => {
    await ask(`drop database if exists "${prefix}${name}" with (force)`)
    made.delete(name)
  }
  return {
    create: async (name, from) => {
      await ask(`create database "${prefix}${name}"${from === undefined ? '' : ` template "${prefix}${from}"`}`)
      made.set(name, addressOf(name))
      return addressOf(name)
    },
    drop,
    left: async name => {
      const client = new Client({ connectionString: addressOf(name) })
      await client.connect()
      const { rows } = await client.query<Record<string, number>>(
        `select ${tables.map(table => `(select count(*)::int from perdure.${table}) as ${table}`).join(', ')}`)
      await client.end()
      return { ...rows[0], files: 0 }
    },
    settle: async name => {
      const gone = 'select not exists (select 1 from pg_stat_activity where datname = $1) as yes'
      while ((await ask<{ yes: boolean }>(gone, [`${prefix}${name}`]))[0]?.yes !== true);
    },
    close: async () => {
      for (const name of made.keys()) await drop(name)
      await admin.end()
      await server.stop()
    },
  }
}
