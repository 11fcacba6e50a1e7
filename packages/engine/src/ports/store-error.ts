import { PerdureError } from '../error.ts'

/** The database could not be reached; the change was not made. Names where it lies. */
export class StoreUnavailableError extends PerdureError {
  constructor(message: string, options?: ErrorOptions) {
    super('STORE_UNAVAILABLE', message, options)
  }
}

/** The connection broke while a change was under way: it may or may not have been made. */
export class StoreOutcomeUnknownError extends PerdureError {
  constructor(message: string, options?: ErrorOptions) {
    super('STORE_OUTCOME_UNKNOWN', message, options)
  }
}

/** The database refused the change as a whole and made none of it; a smaller batch may pass. */
export class StoreRejectedError extends PerdureError {
  constructor(message: string, options?: ErrorOptions) {
    super('STORE_REJECTED', message, options)
  }
}

/** Somebody else holds the database or a row for longer than we wait; nothing was changed; try again. */
export class StoreBusyError extends PerdureError {
  constructor(message: string, options?: ErrorOptions) {
    super('STORE_BUSY', message, options)
  }
}

/** The schema was made by a newer version than this code. */
export class SchemaTooNewError extends PerdureError {
  constructor(message: string, options?: ErrorOptions) {
    super('SCHEMA_TOO_NEW', message, options)
  }
}

/** The database holds no schema of ours, and the store was opened to make none. */
export class SchemaMissingError extends PerdureError {
  /** What migrating would do: the names of its steps, in order. */
  readonly steps: readonly string[]
  constructor(message: string, steps: readonly string[] = [], options?: ErrorOptions) {
    super('SCHEMA_MISSING', message, options)
    this.steps = steps
  }
}

/** The schema is of an older version than this code, and the store was opened to leave it as it is. */
export class SchemaTooOldError extends PerdureError {
  /** What migrating would do: the names of its steps, in order. */
  readonly steps: readonly string[]
  constructor(message: string, steps: readonly string[] = [], options?: ErrorOptions) {
    super('SCHEMA_TOO_OLD', message, options)
    this.steps = steps
  }
}

/** The file is not a database, or it is damaged. */
export class StoreCorruptError extends PerdureError {
  constructor(message: string, options?: ErrorOptions) {
    super('STORE_CORRUPT', message, options)
  }
}

/** The database or its folder cannot be written. */
export class StoreReadOnlyError extends PerdureError {
  constructor(message: string, options?: ErrorOptions) {
    super('STORE_READ_ONLY', message, options)
  }
}

/** The database is away or busy, or its answer was lost: asking once more may help. */
export function mayPass(error: unknown): error is PerdureError {
  return error instanceof StoreUnavailableError || error instanceof StoreBusyError || error instanceof StoreOutcomeUnknownError
}
