/** The schema's versions, oldest first: forward only, a released one is never changed. */
import { SchemaTooNewError, StoreCorruptError } from '@perdure/engine'
import type { Connection } from '../connection.ts'
import { resultCode } from '../result-code.ts'
import type { Query } from '../statement.ts'
import { foundation } from './0001-foundation.ts'

interface Migration {
  readonly version: number
  readonly name: string
  readonly sql: string
}

const migrations: readonly Migration[] = [{ version: 1, name: 'foundation', sql: foundation }]
export const schemaVersion = migrations.at(-1)?.version ?? 0

/** A table of our own, and not `user_version`: the file may hold an application's tables as well. */
const versionTable = `
create table schema_versions (
  version integer primary key,
  name text not null,
  applied_at integer not null
) strict;
`

const findVersionTable: Query<[], { found: number }, number> = {
  sql: `select count(*) as found from sqlite_schema where type = 'table' and name = 'schema_versions'`,
  decode: row => row.found,
}
const readVersion: Query<[], { version: number | null }, number> = {
  sql: 'select max(version) as version from schema_versions',
  decode: row => row.version ?? 0,
}

/** Throws SchemaTooNewError when a newer version made it. */
export function isMigrated(connection: Connection, location: string): boolean {
  const version = connection.get(findVersionTable) === 0 ? 0 : connection.get(readVersion) ?? 0
  if (version <= schemaVersion) return version === schemaVersion
  throw new SchemaTooNewError(
    `The database ${location} has schema version ${version}, this code knows ${schemaVersion}: update Perdure, or use another database`,
  )
}

/** Within a transaction that holds the write lock: brings the schema to this code's version. */
export function migrate(connection: Connection, location: string, now: number): void {
  if (isMigrated(connection, location)) return
  if (connection.get(findVersionTable) === 0) connection.exec(versionTable)
  const from = connection.get(readVersion) ?? 0
  for (const { version, name, sql } of migrations.filter(migration => migration.version > from)) {
    try {
      connection.exec(sql)
    } catch (error) {
      if (resultCode(error) !== 1) throw error
      const reason = error instanceof Error ? error.message : ''
      throw new StoreCorruptError(
        `The database ${location} holds tables that Perdure did not make (${reason}): use a database of its own`, { cause: error },
      )
    }
    connection.exec(`insert into schema_versions (version, name, applied_at) values (${version}, '${name}', ${now})`)
  }
}
