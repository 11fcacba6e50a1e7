/** Opens the file: every way in which that can fail has an error that says what to do. */
import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { SchemaMissingError, SchemaTooOldError, StoreReadOnlyError, StoreUnavailableError } from '@perdure/engine'
import { Connection } from './connection.ts'
import { migrationWaitMs, retryPauseLastMs } from './limits.ts'
import { findSchema, migrate, schemaVersion, stepsFrom } from './migrations/migration.ts'
import { isBusy } from './result-code.ts'
import { storeError } from './sqlite-error.ts'

export const memoryFile = ':memory:'

export function locationOf(file: string): string {
  return file === memoryFile ? memoryFile : resolve(file)
}

export interface DatabaseFile {
  readonly location: string
  readonly now: () => number
  /** False: a database without this code's schema is refused, and left as it is. */
  readonly migrate: boolean
}

/** A configured connection to a database of this code's schema version. */
export async function openDatabase(file: DatabaseFile): Promise<Connection> {
  const { location } = file
  if (location !== memoryFile) refuseImpossiblePath(location)
  // To open a file that is not there makes it.
  if (!file.migrate && location !== memoryFile && !existsSync(location)) {
    throw new SchemaMissingError(`There is no database ${location}: name one that Perdure has made`, stepsFrom(undefined))
  }
  let connection: Connection | undefined
  try {
    connection = new Connection(location)
    await prepare(connection, file)
    return connection
  } catch (error) {
    connection?.close()
    throw storeError(error, location)
  }
}

function refuseImpossiblePath(location: string): void {
  const folder = dirname(location)
  const folderStats = statSync(folder, { throwIfNoEntry: false })
  if (folderStats === undefined) {
    throw new StoreUnavailableError(`The folder ${folder} of the database does not exist: create it (mkdir -p), or name another file`)
  }
  if (!folderStats.isDirectory()) {
    throw new StoreUnavailableError(`${folder} is a file, so the database ${location} cannot lie in it: name another file`)
  }
  if (statSync(location, { throwIfNoEntry: false })?.isDirectory() === true) {
    const example = resolve(location, 'perdure.db')
    throw new StoreUnavailableError(`${location} is a folder, not a database file: name a file, for example ${example}`)
  }
  refuseReadOnly(location)
}

/** Nothing of a file that is refused is changed, its journal mode included: it may be another program's. */
async function prepare(connection: Connection, file: DatabaseFile): Promise<void> {
  const { location } = file
  const { version, isShared } = await retried(() => findSchema(connection, location))
  const isMigrated = version === schemaVersion
  if (!isMigrated && !file.migrate) throw refusedVersion(version, location)
  if (!isMigrated && isShared) await retried(() => migrateWith(connection, file, 'rollback'))
  const journalMode = await retried(() => connection.configure())
  if (location !== memoryFile && journalMode !== 'wal') {
    throw new StoreUnavailableError(
      `The file system of ${location} does not support SQLite's write-ahead log (a network share?): put the database on a local disk`,
    )
  }
  if (!isMigrated) await retried(() => migrateWith(connection, file, 'commit'))
}

/** Others may open at the same time: whoever has the lock migrates, the rest wait for it. Rolled back, it shows whether it can be done. */
function migrateWith(connection: Connection, { location, now }: DatabaseFile, end: 'commit' | 'rollback'): void {
  connection.beginWrite()
  try {
    migrate(connection, location, now())
    connection[end]()
  } catch (error) {
    connection.rollback()
    throw error
  }
}

function refusedVersion(version: number | undefined, location: string): Error {
  const steps = stepsFrom(version)
  if (version === undefined) {
    return new SchemaMissingError(`The database ${location} holds no tables of Perdure: name another, or migrate it first`, steps)
  }
  const versions = `has schema version ${version}, this code needs ${schemaVersion}`
  const remedy = 'migrate it, or start a worker of this version, which does so'
  return new SchemaTooOldError(`The database ${location} ${versions}: ${remedy}`, steps)
}

async function retried<T>(work: () => T): Promise<T> {
  const until = performance.now() + migrationWaitMs
  for (;;) {
    try {
      return work()
    } catch (error) {
      if (!isBusy(error) || performance.now() > until) throw error
    }
    await pause(1 + Math.random() * retryPauseLastMs)
  }
}

/** SQLite says no more than "unable to open database file", or nothing before the first write: the file system knows. */
function refuseReadOnly(location: string): void {
  for (const path of [location, dirname(location)]) {
    if (isWritable(path)) continue
    throw new StoreReadOnlyError(`${path} cannot be written, so the database ${location} cannot be used: make it writable`)
  }
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
  }
}
