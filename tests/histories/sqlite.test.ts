import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSqliteStore } from '@perdure/sqlite'
import { upgradeSuite } from './upgrade-suite.ts'

upgradeSuite('sqlite', async (folder) => {
  const copies = await mkdtemp(join(tmpdir(), 'perdure-histories-'))
  const file = join(copies, 'copy.db')
  await copyFile(join(folder, 'sqlite.db'), file)
  return { open: () => createSqliteStore({ file }), dispose: () => rm(copies, { recursive: true }) }
})
