/** Empty databases on a PostgreSQL server, gone afterwards. */
import { Client, DatabaseError } from 'pg'
import { countStatements } from './statement-counter.ts'

const insufficientPrivilege = '42501'

/** `use` gets their connection strings. */
export async function withEmptyDatabases<T>(
  serverUrl: string, names: readonly string[], counted: boolean, use: (urls: readonly string[]) => Promise<T>,
): Promise<T> {
  const urls = names.map((name) => withDatabase(serverUrl, name))
  await administrate(serverUrl, names.map((name) => `create database ${name}`))
  try {
    if (counted) for (const url of urls) await countStatements(serverUrl, url)
    await checkpoint(serverUrl)
    return await use(urls)
  } finally {
    await administrate(serverUrl, names.map((name) => `drop database if exists ${name} with (force)`))
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
