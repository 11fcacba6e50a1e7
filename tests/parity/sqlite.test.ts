import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { paritySuite } from './parity-suite.ts'

paritySuite('a SQLite file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'perdure-behaviour-'))
  return { connection: { database: join(folder, 'behaviour.db') }, dispose: () => rm(folder, { recursive: true }) }
})
