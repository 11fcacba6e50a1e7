/** From the name of a database to its store and notifier. Each home is loaded only when it is used. */
import type { Notifier, Store } from '@perdure/engine'
import { isPostgres, type CheckedOptions } from './engine-options.ts'

export interface Database {
  readonly store: Store
  readonly notifier: Notifier | undefined
}

/** @param migrate false: a database without this version's schema is refused when it is opened, and left as it is */
export async function databaseOf({ database, store, notifier, hints }: CheckedOptions, migrate = true): Promise<Database> {
  if (store !== undefined) return { store, notifier: hints ? notifier : undefined }
  if (isPostgres(database)) {
    const { createPostgresNotifier, createPostgresStore } = await import('@perdure/postgres')
    const notifier = hints ? createPostgresNotifier({ connectionString: database }) : undefined
    return { store: createPostgresStore({ connectionString: database, migrate }), notifier }
  }
  const { createSqliteNotifier, createSqliteStore } = await import('@perdure/sqlite')
  const sqlite = createSqliteStore({ file: database, migrate })
  // Nobody else sees a database in memory.
  return { store: sqlite, notifier: hints && database !== ':memory:' ? createSqliteNotifier(sqlite) : undefined }
}
