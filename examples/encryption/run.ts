/** Arguments and results that nobody reads in the database who has not the key. `npx node examples/encryption/run.ts` */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Engine } from 'perdure'
import { createEncryptionCodec, createGzipCodec } from 'perdure/codecs'
import * as activities from './activities.ts'
import { visit } from './workflows.ts'

const folder = mkdtempSync(join(tmpdir(), 'perdure-encryption-'))
const database = join(folder, 'visits.db')
// From a vault, in earnest. Older keys stay in the list as long as there is what they encrypted.
const keys = { '2025': randomBytes(32), '2026': randomBytes(32) }

try {
  // The last encodes first: what is compressed is encrypted.
  const payloadCodecs = [createEncryptionCodec({ keyId: '2026', keys }), createGzipCodec()]
  const engine = await Engine.open({ database, dataConverter: { payloadCodecs } })
  engine.workflows.register({ visit })
  engine.activities.register(activities)
  await engine.start()
  console.log('result:', await engine.workflows.execute(visit, { workflowId: 'visit-7', args: ['headache'] }))
  await engine.stop()

  const stored = readFileSync(database)
  console.log('the file has the workflow id:', stored.includes('visit-7'))
  console.log('the file has the complaint:', stored.includes('headache'))
} finally {
  rmSync(folder, { recursive: true })
}
