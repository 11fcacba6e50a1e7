import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { behaviourSuite } from './behaviour-suite.ts'

behaviourSuite('a SQLite file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'perdure-behaviour-'))
  return { connection: { database: join(folder, 'behaviour.db') }, dispose: () => rm(folder, { recursive: true }) }
})
