/**
 * Brings the schema to the version of this code: numbered steps, forwards only, each once, all in one transaction under a
 * lock, so that any number of processes may start at once.
 */
import type { Client } from 'pg'
import { SchemaMissingError, SchemaTooNewError, SchemaTooOldError, StoreUnavailableError } from '@perdure/engine'
import { tables } from './migrations/0001-tables.ts'
import { commit } from './migrations/0002-commit.ts'
import { work } from './migrations/0003-work.ts'
import { queues } from './migrations/0004-queues.ts'
import { callers } from './migrations/0005-callers.ts'
import { betweenExecutions } from './migrations/0006-between-executions.ts'
import { inSchema, quoteIdentifier } from './statement.ts'

interface Migration {
  readonly version: number
  readonly name: string
  readonly text: string
}

export const migrations: readonly Migration[] = [
  { version: 1, name: 'tables', text: tables },
  { version: 2, name: 'commit', text: commit },
  { version: 3, name: 'work', text: work },
  { version: 4, name: 'queues', text: queues },
  { version: 5, name: 'callers', text: callers },
  { version: 6, name: 'between executions', text: betweenExecutions },
]
const newest = migrations.at(-1)?.version ?? 0

const serverVersionMin = 140_000

export async function migrate(client: Client, schema: string, location: string): Promise<void> {
  await refuseUnfit(client, location)
  if (await versionOf(client, schema, location) === newest) return
  await client.query('begin isolation level read committed') // what is there is looked at after the lock was had
  try {
    await client.query(`set local lock_timeout = 0`)
    await client.query(`set local client_min_messages = warning`)
    await client.query(`select pg_advisory_xact_lock(hashtextextended($1, 0))`, [`perdure migrate ${schema}`])
    const version = await versionOf(client, schema, location)
    if (version === 0) await createSchema(client, schema)
    for (const migration of migrations.filter(each => each.version > version)) {
      await client.query(inSchema(migration.text, schema))
      await client.query(
        inSchema(`insert into perdure.schema_migrations (version, name, applied_at) values ($1, $2, perdure.clock_ms())`, schema),
        [migration.version, migration.name],
      )
    }
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => undefined) // the first error is the one to tell
    throw error
  }
}

/** In place of migrating: changes nothing, and refuses whatever is not of this version. */
export async function requireSchema(client: Client, schema: string, location: string): Promise<void> {
  await refuseUnfit(client, location)
  const version = await versionOf(client, schema, location)
  if (version === newest) return
  const where = `PostgreSQL at ${location}`
  const steps = migrations.filter((each) => each.version > version).map((each) => each.name)
  if (version === 0) {
    const problem = `${where} holds no tables of Perdure in a schema "${schema}"`
    throw new SchemaMissingError(`${problem}: name another database, or migrate it first`, steps)
  }
  const versions = `has version ${version}, this code needs ${newest}`
  const remedy = 'migrate it, or start a worker of this version, which does so'
  throw new SchemaTooOldError(`Schema "${schema}" of ${where} ${versions}: ${remedy}`, steps)
}

async function refuseUnfit(client: Client, location: string): Promise<void> {
  const server = await one<{ version: number; shown: string; encoding: string }>(client, `
    select current_setting('server_version_num')::int as version, current_setting('server_version') as shown,
      getdatabaseencoding() as encoding`)
  if (server.version < serverVersionMin) {
    throw new StoreUnavailableError(`PostgreSQL at ${location} is version ${server.shown}: Perdure needs 14 or newer`)
  }
  // In any other, the first result with a character that it lacks would hold its execution for ever.
  if (server.encoding !== 'UTF8') {
    const problem = `The database at ${location} has the encoding ${server.encoding}, which cannot hold every text`
    throw new StoreUnavailableError(`${problem}: create one with UTF8 (create database ... encoding 'UTF8' template template0)`)
  }
}

/**
 * 0: there is none yet. Asks the catalogues as tables: to_regclass answered from a cache that was older than the lock, and
 * two of ten processes made the schema.
 */
async function versionOf(client: Client, schema: string, location: string): Promise<number> {
  const { known } = await one<{ known: boolean }>(client, `select exists (
    select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = $1 and c.relname = 'schema_migrations') as known`, [schema])
  if (!known) return 0
  const { version } = await one<{ version: number | null }>(client,
    inSchema(`select max(m.version) as version from perdure.schema_migrations m`, schema))
  if (version !== null && version > newest) {
    throw new SchemaTooNewError(
      `Schema "${schema}" of PostgreSQL at ${location} has version ${version}, this code knows ${newest}: upgrade Perdure here`)
  }
  return version ?? 0
}

async function createSchema(client: Client, schema: string): Promise<void> {
  // "if not exists" asks for the right to create schemas even where there is nothing to create.
  const known = await one<{ yes: boolean }>(client, `select exists (select 1 from pg_namespace where nspname = $1) as yes`, [schema])
  if (!known.yes) await client.query(`create schema ${quoteIdentifier(schema)}`)
  const columns = 'version int primary key, name text not null, applied_at bigint not null'
  await client.query(inSchema(`create table if not exists perdure.schema_migrations (${columns})`, schema))
}

async function one<Row extends object>(client: Client, text: string, values: readonly unknown[] = []): Promise<Row> {
  const { rows } = await client.query<Row>(text, [...values])
  const [row] = rows
  if (row === undefined) throw new Error(`no row from: ${text}`)
  return row
}
