/** Where a database lies, for people: host:port/database, never a password. */
import { Client } from 'pg'
import { StoreUnavailableError } from '@perdure/engine'

export function locationOf(connectionString: string): string {
  try {
    const { host, port, database } = new Client({ connectionString })
    return `${host}:${port}/${database ?? ''}`
  } catch (error) {
    // The driver's message shows the string itself, which may hold a password.
    throw new StoreUnavailableError(
      'The connection string cannot be read: write it as postgres://user:password@host:5432/database', { cause: nameOnly(error) })
  }
}

function nameOnly(error: unknown): Error {
  return new Error(error instanceof Error ? error.name : 'invalid connection string')
}
