import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSqliteStore, type SqliteStore } from '@perdure/sqlite'
import { storeConformance } from './store-conformance.ts'

function sqlite(name: string, makeFile: () => Promise<{ readonly file: string; readonly remove: () => Promise<void> }>): void {
  storeConformance(name, async () => {
    const { file, remove } = await makeFile()
    let shiftMs = 0
    const now = () => Date.now() + shiftMs
    const opened: SqliteStore[] = []
    const open = async () => {
      const store = createSqliteStore({ file, now })
      await store.open()
      opened.push(store)
      return store
    }
    const store = await open()
    return {
      store,
      ...(file === ':memory:' ? {} : { second: open }),
      async ageWorker(serving, ms) {
        shiftMs = -ms
        await store.tick(serving, 5_000)
        shiftMs = 0
      },
      async ageQueue(namespace, taskQueue, ms) {
        shiftMs = -ms
        await store.setQueueLimits(namespace, taskQueue, {}) // keeps the limits, and counts at that time
        shiftMs = 0
      },
      async dispose() {
        for (const one of opened) await one.close()
        await remove()
      },
    }
  })
}

sqlite('SQLite file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'perdure-sqlite-'))
  return { file: join(folder, 'conformance.db'), remove: () => rm(folder, { recursive: true }) }
})

sqlite('SQLite in memory', async () => ({ file: ':memory:', remove: async () => {} }))
