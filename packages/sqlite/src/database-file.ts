/** Opens the file: every way in which that can fail has an error that says what to do. */
import { accessSync, constants, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { StoreReadOnlyError, StoreUnavailableError } from '@perdure/engine'
import { Connection } from './connection.ts'
import { migrationWaitMs, retryPauseLastMs } from './limits.ts'
import { isMigrated, migrate } from './migrations/migration.ts'
import { isBusy } from './result-code.ts'
import { storeError } from './sqlite-error.ts'

export const memoryFile = ':memory:'

export function locationOf(file: string): string {
  return file === memoryFile ? memoryFile : resolve(file)
}

/** A configured connection to a database of this code's schema version. */
export async function openDatabase(location: string, now: () => number): Promise<Connection> {
  if (location !== memoryFile) refuseImpossiblePath(location)
  let connection: Connection | undefined
  try {
    connection = new Connection(location)
    await prepare(connection, location, now)
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

/** Others may open at the same time: whoever has the lock migrates, the rest wait for it. */
async function prepare(connection: Connection, location: string, now: () => number): Promise<void> {
  const journalMode = await retried(() => connection.configure())
  if (location !== memoryFile && journalMode !== 'wal') {
    throw new StoreUnavailableError(
      `The file system of ${location} does not support SQLite's write-ahead log (a network share?): put the database on a local disk`,
    )
  }
  if (await retried(() => isMigrated(connection, location))) return
  await retried(() => {
    connection.beginWrite()
    try {
      migrate(connection, location, now())
      connection.commit()
    } catch (error) {
      connection.rollback()
      throw error
    }
  })
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
