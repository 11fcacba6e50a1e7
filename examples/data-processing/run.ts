/** Processes sales.csv and shows how far it is: `npx node examples/data-processing/run.ts`. Exit code 0 only if no record is missing. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Engine } from 'perdure'
import * as activities from './activities.ts'
import { dataProcessing, getProgress } from './workflows.ts'

const folder = mkdtempSync(join(tmpdir(), 'perdure-data-'))
const outputFolder = join(folder, 'output')
const dataset = join(import.meta.dirname, 'sales.csv')
const lookEveryMs = 100

try {
  mkdirSync(outputFolder)
  await using engine = await Engine.open({ database: join(folder, 'data.db') })
  engine.workflows.register({ dataProcessing })
  engine.activities.register(activities)
  await engine.start()

  const handle = await engine.workflows.start(dataProcessing, { workflowId: 'sales', args: [{ dataset, outputFolder, batchSize: 50 }] })
  const result = handle.result()
  for (let running = true; running;) {
    running = await Promise.race([result.then(() => false), pause(lookEveryMs, true)])
    const { batches, batchesDone, processed, failed } = await handle.query(getProgress)
    const line = `${batchesDone} of ${batches} batches, ${processed} records processed, ${failed} failed`
    process.stdout.write(process.stdout.isTTY && running ? `\r${line}` : `${line}\n`)
  }

  const { processed, failed, problems, revenueCents } = await result
  console.log('Failed:', problems)
  for (const [shop, cents] of Object.entries(revenueCents)) console.log(`${shop.padEnd(8)} ${(cents / 100).toFixed(2).padStart(10)}`)

  const records = linesOf(dataset).length - 1
  const written = readdirSync(outputFolder).flatMap((name) => linesOf(join(outputFolder, name)))
  const isComplete = processed + failed === records && written.length === processed && !written.some((line) => line.includes('@'))
  console.log(isComplete ? `All ${records} records are accounted for.` : `${records} records went in, ${written.length} came out.`)
  process.exitCode = isComplete ? 0 : 1
} finally {
  rmSync(folder, { recursive: true })
}

function linesOf(path: string): string[] {
  return readFileSync(path, 'utf8').split('\n').filter((line) => line !== '')
}
