/** Counts the statements that come to one database of a PostgreSQL server, with pg_stat_statements, which counts there alone. */
import { Client, DatabaseError } from 'pg'

export interface StatementCounter {
  count(): Promise<number>
  close(): Promise<void>
}

/** Settings of a server that may count: nothing is counted, and nothing costs, until `countStatements` of a database. */
export const countingServer = {
  shared_preload_libraries: 'pg_stat_statements', 'pg_stat_statements.track': 'none', compute_query_id: 'off',
}

/** False where the server cannot count: the extension is missing or not loaded, or it is not allowed. */
export async function canCountStatements(serverUrl: string): Promise<boolean> {
  return withClient(serverUrl, async (client) => {
    try {
      await client.query('create extension if not exists pg_stat_statements')
      await client.query('select count(*) from pg_stat_statements')
      return true
    } catch (error) {
      if (error instanceof DatabaseError) return false
      throw error
    }
  })
}

/** From now on, in new connections to the database. */
export async function countStatements(serverUrl: string, database: string): Promise<void> {
  await withClient(serverUrl, async (client) => {
    const name = client.escapeIdentifier(nameOf(database))
    await client.query(`alter database ${name} set pg_stat_statements.track = 'top'`)
    await client.query(`alter database ${name} set compute_query_id = on`)
  })
}

/** Of the database and of those whose names begin with its name. `serverUrl`: another one, so that the counting is not counted. */
export async function openStatementCounter(serverUrl: string, counted: string): Promise<StatementCounter> {
  const client = new Client({ connectionString: serverUrl })
  await client.connect()
  return {
    count: async () => {
      const found = await client.query<{ calls: number }>(`
        select coalesce(sum(calls), 0)::int as calls
        from pg_stat_statements join pg_database on pg_database.oid = dbid 
        where datname = $1 or starts_with(datname, $1 || '_')`, [nameOf(counted)])
      return found.rows[0]?.calls ?? 0
    },
    close: () => client.end(),
  }
}

async function withClient<T>(connectionString: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString })
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}

function nameOf(connectionString: string): string {
  return decodeURIComponent(new URL(connectionString).pathname.slice(1))
}
