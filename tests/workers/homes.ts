/** Where the databases of a suite lie. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'
import { schemaListing } from '../postgres/schema-listing.ts'
import { openTestServer } from '../support/postgres-cluster.ts'

export interface Home {
  readonly name: string
  open(): Promise<OpenHome>
}

export interface OpenHome {
  /** An empty one. */
  createDatabase(name: string): Promise<string>
  /** What was made in it, as text: tables, indexes, and the versions that were applied. */
  schemaOf(database: string): Promise<string>
  close(): Promise<void>
}

export const sqliteHome: Home = {
  name: 'SQLite',
  open: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'perdure-workers-'))
    return {
      createDatabase: async (name) => join(folder, `${name}.db`),
      schemaOf: async (database) => sqliteSchema(database),
      close: async () => rmSync(folder, { recursive: true, force: true }),
    }
  },
}

export const postgresHome: Home = {
  name: 'PostgreSQL',
  open: async () => {
    const server = await openTestServer()
    return { createDatabase: (name) => server.createDatabase(name), schemaOf: postgresSchema, close: () => server.stop() }
  },
}

function sqliteSchema(file: string): string {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    const rows = database.prepare('select type, name, sql from sqlite_schema order by type, name').all()
    const versions = database.prepare('select version, name from schema_versions order by version').all()
    return JSON.stringify([rows, versions], undefined, 1)
  } finally {
    database.close()
  }
}

async function postgresSchema(connectionString: string): Promise<string> {
  const client = new Client({ connectionString })
  await client.connect()
  try {
    const versions = await client.query('select version, name from perdure.schema_migrations order by version')
    return `${await schemaListing(client, 'perdure')}\n${JSON.stringify(versions.rows)}`
  } finally {
    await client.end()
  }
}
