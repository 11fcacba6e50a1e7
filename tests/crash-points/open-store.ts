/** A store of our own beside those of the engines. */
import type { Store } from '@perdure/engine'
import { createPostgresStore } from '@perdure/postgres'
import { createSqliteStore } from '@perdure/sqlite'

export async function openStoreOf(database: string): Promise<Store> {
  const isPostgres = database.startsWith('postgres:')
  const store = isPostgres ? createPostgresStore({ connectionString: database }) : createSqliteStore({ file: database })
  await store.open()
  return store
}
