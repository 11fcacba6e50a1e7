/** The one place where SQLite's result codes become the port's errors. */
import {
  PerdureError, StoreBusyError, StoreCorruptError, StoreReadOnlyError, StoreRejectedError, StoreUnavailableError,
} from '@perdure/engine'
import { code, primaryCode, readOnlyDatabaseMoved, resultCode } from './result-code.ts'

/** A PerdureError with the reason and the remedy; what SQLite did not throw passes unchanged. */
export function storeError(error: unknown, location: string): unknown {
  if (error instanceof PerdureError || resultCode(error) === undefined) return error
  const options = { cause: error }
  const said = error instanceof Error ? error.message : ''
  if (resultCode(error) === readOnlyDatabaseMoved) {
    return new StoreUnavailableError(`The database file ${location} was moved or deleted while it was open`, options)
  }
  switch (primaryCode(error)) {
    case code.busy: case code.locked:
      return new StoreBusyError(`The database ${location} is locked by another process; try again`, options)
    case code.readOnly:
      return new StoreReadOnlyError(`The database ${location} cannot be written: make the file and its folder writable`, options)
    case code.corrupt:
      return new StoreCorruptError(`The database ${location} is damaged (${said}): restore it from a backup`, options)
    case code.notADatabase:
      return new StoreCorruptError(`The file ${location} is not an SQLite database: name another file, or move this one away`, options)
    case code.full:
      return new StoreUnavailableError(`The disk of the database ${location} is full`, options)
    case code.constraint: case code.tooBig:
      return new StoreRejectedError(`The database ${location} refused the change (${said})`, options)
    case code.cannotOpen: case code.inputOutput: default:
      return new StoreUnavailableError(`The database ${location} cannot be used (${said})`, options)
  }
}
