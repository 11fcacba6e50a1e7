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

/** What is to be done to a database of this version, by name; undefined: there is none of ours. */
export function stepsFrom(version: number | undefined): readonly string[] {
  return migrations.filter(migration => migration.version > (version ?? 0)).map(migration => migration.name)
}

/** A table of our own, and not `user_version`: the file may hold an application's tables as well. */
const versionTable = `
create table schema_versions (
  version integer primary key,
  name text not null,
  applied_at integer not null
) strict;
`

type Tables = 'none' | 'ours' | 'foreign' | 'colliding'

/** An application may have a table of versions too: ours has these columns, and stands beside ours of executions. */
const findTables: Query<[], { tables: number; columns: number; ours: number; executions: number }, Tables> = {
  sql: `select (select count(*) from sqlite_schema) as tables,
    (select count(*) from pragma_table_info('schema_versions')) as columns,
    (select count(*) from pragma_table_info('schema_versions') where name in ('version', 'name', 'applied_at')) as ours,
    (select count(*) from sqlite_schema where type = 'table' and name = 'executions') as executions`,
  decode: ({ tables, columns, ours, executions }) => {
    if (columns === 0) return tables === 0 ? 'none' : 'foreign'
    return columns === 3 && ours === 3 && executions === 1 ? 'ours' : 'colliding'
  },
}
const readVersion: Query<[], { version: number | null }, number> = {
  sql: 'select max(version) as version from schema_versions',
  decode: row => row.version ?? 0,
}

export interface FoundSchema {
  /** Undefined: there is none of ours. */
  readonly version: number | undefined
  /** Tables of an application lie in the file. */
  readonly isShared: boolean
}

/** Reads only. Throws SchemaTooNewError when a newer version made it. */
export function findSchema(connection: Connection, location: string): FoundSchema {
  const tables = connection.get(findTables)
  if (tables === 'colliding') throw colliding(location, 'table schema_versions already exists')
  if (tables !== 'ours') return { version: undefined, isShared: tables === 'foreign' }
  const version = connection.get(readVersion) ?? 0
  if (version <= schemaVersion) return { version, isShared: false }
  throw new SchemaTooNewError(
    `The database ${location} has schema version ${version}, this code knows ${schemaVersion}: update Perdure, or use another database`,
  )
}

/** Within a transaction that holds the write lock: brings the schema to this code's version. */
export function migrate(connection: Connection, location: string, now: number): void {
  const { version: from } = findSchema(connection, location)
  if (from === schemaVersion) return
  if (from === undefined) connection.exec(versionTable)
  for (const { version, name, sql } of migrations.filter(migration => migration.version > (from ?? 0))) {
    try {
      connection.exec(sql)
    } catch (error) {
      if (resultCode(error) !== 1) throw error
      throw colliding(location, error instanceof Error ? error.message : '', { cause: error })
    }
    connection.exec(`insert into schema_versions (version, name, applied_at) values (${version}, '${name}', ${now})`)
  }
}

function colliding(location: string, reason: string, options?: ErrorOptions): StoreCorruptError {
  const message = `The database ${location} holds tables that Perdure did not make (${reason}): use a database of its own`
  return new StoreCorruptError(message, options)
}
