/** Empty stores for the engines: databases on a server that was named or that is started for the run, files, and engines' own servers. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgresCluster } from '../tests/support/postgres-cluster.ts'
import type { Contestant } from './contestants.ts'
import { withEmptyDatabases } from './empty-postgres.ts'
import type { EngineName, StoreName, Target } from './engine-adapter.ts'
import { startEngineServer } from './engine-servers.ts'
import { canCountStatements, countingServer } from './statement-counter.ts'

export interface PostgresServer {
  readonly connectionString: string
  /** For this run. */
  readonly started: boolean
  readonly countsStatements: boolean
}

export interface Databases {
  readonly postgres: PostgresServer | null
  /** Runs `use` with an empty store, which is gone afterwards. `counted`: its statements are counted, where the server can. */
  withEmpty<T>(contestant: Contestant, use: (target: Target) => Promise<T>, counted?: boolean): Promise<T>
  close(): Promise<void>
}

/** `url`: a server where databases may be created; without one, and if PostgreSQL is asked for, a server is started. */
export async function openDatabases(stores: readonly StoreName[], url: string | undefined): Promise<Databases> {
  const folder = mkdtempSync(join(tmpdir(), 'perdure-bench-'))
  const starts = stores.includes('postgres') && url === undefined
  const cluster = starts ? await startPostgresCluster({ shared_buffers: '512MB', ...countingServer }) : undefined
  const connectionString = stores.includes('postgres') ? url ?? cluster?.connectionString : undefined
  const postgres = connectionString === undefined ? null : {
    connectionString, started: cluster !== undefined, countsStatements: await canCountStatements(connectionString),
  }
  let made = 0
  return {
    postgres,
    withEmpty: async ({ engine, store }, use, counted = false) => {
      const name = `perdure_bench_${process.pid}_${made++}`
      const place = join(folder, name)
      mkdirSync(place)
      try {
        switch (store) {
          case 'sqlite':
            return await use({ store, database: join(place, 'engine.db') })
          case 'own':
            return await withServer(engine, { store, database: place }, place, use)
          case 'postgres': {
            if (postgres === null) throw new Error('PostgreSQL was not asked for')
            const counting = counted && postgres.countsStatements
            const names = [name, `${name}_visibility`]
            return await withEmptyDatabases(postgres.connectionString, names, counting, ([database = '', visibilityDatabase = '']) => {
              return withServer(engine, { store, database }, place, use, visibilityDatabase)
            })
          }
        }
      } finally {
        rmSync(place, { recursive: true, force: true })
      }
    },
    close: async () => {
      rmSync(folder, { recursive: true, force: true })
      await cluster?.stop()
    },
  }
}

/** Starts the engine's own server, if it has one, before `use` and stops it afterwards. */
async function withServer<T>(
  engine: EngineName, target: Target, folder: string, use: (target: Target) => Promise<T>, visibilityDatabase = '',
): Promise<T> {
  const server = await startEngineServer(engine, { folder, database: target.database, visibilityDatabase })
  try {
    return await use(server === undefined ? target : { ...target, server: { addresses: server.addresses, pid: server.pid } })
  } finally {
    await server?.stop()
  }
}
