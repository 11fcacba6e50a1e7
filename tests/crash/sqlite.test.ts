import { join } from 'node:path'
import { createSqliteStore } from '@perdure/sqlite'
import { crashTest } from './crash-run.ts'

crashTest('SQLite', async (folder) => {
  const database = join(folder, 'crash.db')
  const store = createSqliteStore({ file: database })
  await store.open()
  return { database, store, dispose: () => store.close() }
})
