/**
 * The lock that dies with its process, kill -9 included: an exclusive lock of the operating system on a small database
 * file beside the database, one for each incarnation. (Process ids are used again and mean nothing across containers.)
 */
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

export function processLockPath(file: string, incarnation: number): string {
  return `${file}-worker-${incarnation}`
}

/** Of those whose files lie there. */
export function incarnationsWithLocks(file: string): readonly number[] {
  const [folder, prefix] = [dirname(file), basename(processLockPath(file, 0)).slice(0, -1)]
  const numbers = readdirSync(folder).filter(name => name.startsWith(prefix)).map(name => name.slice(prefix.length))
  return numbers.filter(number => /^\d+$/.test(number)).map(Number)
}

/** Takes it; throws if somebody has it. Closing gives it up. */
export function takeProcessLock(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 0 })
  database.exec('pragma journal_mode = memory') // nothing is ever written, so no second file either
  database.exec('begin exclusive')
  return database
}

/**
 * Whether nobody has it: a shared lock cannot be had beside an exclusive one. A file that is gone is free; one that
 * cannot be read is not: then the lease alone decides.
 */
export function isProcessLockFree(path: string): boolean {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { timeout: 0, readOnly: true })
    database.prepare('select count(*) from sqlite_schema').get()
    return true
  } catch {
    return !existsSync(path)
  } finally {
    database?.close()
  }
}

export function removeProcessLock(path: string): void {
  rmSync(path, { force: true })
}
