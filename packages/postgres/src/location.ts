/** Where a database lies, for people: host:port/database, never a part of a password. */
import { Client } from 'pg'
import { StoreUnavailableError } from '@perdure/engine'
import { remedyOfFile } from './database-error.ts'

/** @throws StoreUnavailableError when the connection string cannot be read, or would be read otherwise than it was meant */
export function locationOf(connectionString: string): string {
  if (isCutShort(connectionString)) throw unreadable()
  try {
    const { host, port, database } = new Client({ connectionString })
    return `${host}:${port}/${database ?? ''}`
  } catch (error) {
    const ofFile = remedyOfFile(error)
    if (ofFile !== undefined) {
      // No path: somebody may have put the key itself where its file should be named.
      throw new StoreUnavailableError(`PostgreSQL cannot be reached: ${(error as NodeJS.ErrnoException).code}. ${ofFile}`)
    }
    // The driver's message shows the string itself, which may hold a password.
    throw unreadable(new Error(error instanceof Error ? error.name : 'invalid connection string'))
  }
}

/**
 * A user name or password with a '/', '?' or '#' in it ends the part of the URL that it stands in. What follows would be taken
 * for the path, and its beginning for the host, which is shown. An '@' behind that end, or a fragment, tells.
 */
function isCutShort(connectionString: string): boolean {
  const rest = connectionString.replace(/^[a-z]+:\/\//i, '')
  const { path = '', query = '', fragment } = /^[^/?#]*(?<path>[^?#]*)\??(?<query>[^#]*)(?<fragment>#.*)?$/s.exec(rest)?.groups ?? {}
  return fragment !== undefined || path.includes('@') || query.split('&').some((setting) => /^[^=]*@/.test(setting))
}

function unreadable(cause?: Error): StoreUnavailableError {
  return new StoreUnavailableError(
    "The connection string cannot be read: write it as postgres://user:password@host:5432/database. In user name and password, '@', '/', " +
      "'?', '#', ':' and '%' must be percent-encoded: encodeURIComponent('p@ss#1') is 'p%40ss%231'",
    cause === undefined ? undefined : { cause },
  )
}
