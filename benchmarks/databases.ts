/** Empty databases for the engines: on a server that was named or that is started for the run, and files. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, DatabaseError } from 'pg'
import { startPostgresCluster } from '../tests/support/postgres-cluster.ts'
import type { Contestant } from './contestants.ts'
import type { StoreName, Target } from './engine-adapter.ts'
import { canCountStatements, countingServer } from './statement-counter.ts'

export interface PostgresServer {
  readonly connectionString: string
  /** For this run. */
  readonly started: boolean
  readonly countsStatements: boolean
}

export interface Databases {
  readonly postgres: PostgresServer | null
  /** Runs `use` with an empty database, which is gone afterwards. */
  withEmpty<T>(contestant: Contestant, use: (target: Target) => Promise<T>): Promise<T>
  close(): Promise<void>
}

const insufficientPrivilege = '42501'

/** `url`: a server where databases may be created; without one, and if PostgreSQL is asked for, a server is started. */
export async function openDatabases(stores: readonly StoreName[], url: string | undefined): Promise<Databases> {
  const folder = mkdtempSync(join(tmpdir(), 'perdure-bench-'))
  const starts = stores.includes('postgres') && url === undefined
  const cluster = starts ? await startPostgresCluster({ shared_buffers: '512MB', ...countingServer }) : undefined
  const connectionString = stores.includes('postgres') ? url ?? cluster?.connectionString : undefined
  let made = 0
  return {
    postgres: connectionString === undefined ? null : {
      connectionString, started: cluster !== undefined, countsStatements: await canCountStatements(connectionString),
    },
    withEmpty: async ({ store }, use) => {
      const name = `perdure_bench_${process.pid}_${made++}`
      if (store === 'sqlite') return use({ store, database: join(folder, `${name}.db`) })
      if (connectionString === undefined) throw new Error('PostgreSQL was not asked for')
      await administrate(connectionString, [`create database ${name}`])
      await checkpoint(connectionString)
      try {
        return await use({ store, database: withDatabase(connectionString, name) })
      } finally {
        await administrate(connectionString, [`drop database if exists ${name} with (force)`])
      }
    },
    close: async () => {
      rmSync(folder, { recursive: true, force: true })
      await cluster?.stop()
    },
  }
}

/** So that one from the last engine's writes does not fall into the next engine's run. Only a superuser may. */
async function checkpoint(connectionString: string): Promise<void> {
  try {
    await administrate(connectionString, ['checkpoint'])
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== insufficientPrivilege) throw error
  }
}

async function administrate(connectionString: string, statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString })
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}

function withDatabase(connectionString: string, name: string): string {
  const url = new URL(connectionString)
  url.pathname = `/${name}`
  return url.href
}
