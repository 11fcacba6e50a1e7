/** Cuts a dataset into batches, and processes a batch: checks each record, hides who bought, and writes what is good. */
import { scrypt } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parseSale } from './sale.ts'
import { emptyTally, sumOf, type Tally } from './tally.ts'

/** A piece of the file, in bytes: records stay in the file, only their place goes through the workflow. */
export interface Batch {
  readonly number: number
  readonly start: number
  readonly end: number
}

const newline = 10

export async function planBatches(dataset: string, batchSize: number): Promise<Batch[]> {
  const batches: Batch[] = []
  let [lines, start, position] = [0, 0, 0]
  const cut = (end: number) => {
    batches.push({ number: batches.length + 1, start, end })
    start = end
  }
  for await (const chunk of createReadStream(dataset) as AsyncIterable<Buffer>) {
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, at + 1)) {
      const end = position + at + 1
      if (lines === 0) start = end // The header is no record.
      else if (lines % batchSize === 0) cut(end)
      lines++
    }
    position += chunk.length
  }
  if (lines > 0 && position > start) cut(position)
  return batches
}

/** A bad record is counted and passed over; an error of the disk is thrown, and the batch is tried again. */
export async function processBatch(dataset: string, batch: Batch, outputFolder: string): Promise<Tally> {
  let tally = emptyTally
  const good: string[] = []
  for (const line of (await readBytes(dataset, batch)).split('\n')) {
    if (line === '') continue
    const parsed = parseSale(line)
    if (!parsed.ok) {
      tally = sumOf(tally, { ...emptyTally, failed: 1, problems: { [parsed.problem]: 1 } })
      continue
    }
    const { date, shop, customer, sku, quantity, priceCents } = parsed.sale
    good.push([date, shop, await pseudonymOf(customer), sku, quantity, priceCents].join(','))
    tally = sumOf(tally, { ...emptyTally, processed: 1, revenueCents: { [shop]: quantity * priceCents } })
  }
  // In one go and under the same name each time: a batch that is processed twice leaves one file, and never half of it.
  const file = join(outputFolder, `batch-${String(batch.number).padStart(4, '0')}.csv`)
  await writeFile(`${file}.part`, good.map((line) => `${line}\n`).join(''))
  await rename(`${file}.part`, file)
  return tally
}

async function readBytes(path: string, { start, end }: Batch): Promise<string> {
  await using file = await open(path)
  const { buffer } = await file.read({ buffer: Buffer.alloc(end - start), position: start })
  return buffer.toString()
}

/** Equal for equal addresses, and costly to guess. A real system keeps the salt secret, and takes a higher cost. */
async function pseudonymOf(customer: string): Promise<string> {
  const key = await derive(customer, 'perdure example', 9, { N: 64 })
  return key.toString('base64url')
}

const derive = promisify<string, string, number, { readonly N: number }, Buffer>(scrypt)
