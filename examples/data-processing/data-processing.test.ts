import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { ApplicationFailure, Engine, WorkflowFailedError } from 'perdure'
import * as activities from './activities.ts'
import { emptyTally, type Tally } from './tally.ts'
import { dataProcessing, getProgress } from './workflows.ts'

const dataset = join(import.meta.dirname, 'sales.csv')
const folder = mkdtempSync(join(tmpdir(), 'perdure-data-processing-'))
after(() => rmSync(folder, { recursive: true }))

/** A good line, found without the example's own parser. */
const goodLine = /^2026-(0[1-9]|1[0-2])-[0-3]\d,(\w+),([a-z.]+@example\.com),[a-z0-9-]+,([1-9]\d*),(\d+)\.(\d\d)$/gm

describe('data processing', () => {
  const outputFolder = join(folder, 'output')
  const text = readFileSync(dataset, 'utf8')
  const good = [...text.matchAll(goodLine)]
  let result: Tally
  let written: string[] = []

  before(async () => {
    mkdirSync(outputFolder)
    await using engine = await Engine.open({ database: ':memory:' })
    engine.workflows.register({ dataProcessing })
    engine.activities.register(activities)
    await engine.start()
    result = await engine.workflows.execute(dataProcessing, { workflowId: 'sales', args: [{ dataset, outputFolder }] })
    written = readdirSync(outputFolder).sort().flatMap((name) => readFileSync(join(outputFolder, name), 'utf8').trimEnd().split('\n'))
  })

  it('counts as many good and bad records as are in the file', () => {
    const records = text.trimEnd().split('\n').length - 1
    assert.equal(records, 2_000)
    assert.deepEqual([result.processed, result.failed], [good.length, records - good.length])
    assert.ok(result.failed > 30)
    assert.equal(Object.values(result.problems).reduce((sum, count) => sum + count), result.failed)
  })

  it('adds up the revenue of each shop to the cent', () => {
    const revenueCents: Record<string, number> = {}
    for (const [, , shop = '', , quantity, whole, cents] of good) {
      revenueCents[shop] = (revenueCents[shop] ?? 0) + Number(quantity) * (Number(whole) * 100 + Number(cents))
    }
    assert.deepEqual({ ...result.revenueCents }, revenueCents)
  })

  it('writes every good record once and in order, with one pseudonym for each customer', () => {
    const pseudonyms = new Map<string | undefined, string | undefined>()
    assert.equal(written.length, good.length)
    for (const [index, [line, , , customer]] of good.entries()) {
      const [date, shop, pseudonym, sku, quantity, cents] = written[index]?.split(',') ?? []
      const price = (Number(cents) / 100).toFixed(2)
      assert.equal([date, shop, customer, sku, quantity, price].join(','), line)
      assert.equal(pseudonyms.get(customer) ?? pseudonym, pseudonym)
      pseudonyms.set(customer, pseudonym)
    }
    assert.equal(new Set(pseudonyms.values()).size, pseudonyms.size)
  })

  it('runs so many batches at a time and no more, and tells how far it is', async () => {
    const running = new Map<number, PromiseWithResolvers<Tally>>()
    let started = Promise.withResolvers<void>()
    await using engine = await Engine.open({ database: ':memory:' })
    engine.workflows.register({ dataProcessing })
    engine.activities.register({
      planBatches: async () => [1, 2, 3, 4, 5].map((number) => ({ number, start: 0, end: 1 })),
      processBatch: async (_dataset: string, { number }: activities.Batch) => {
        const ending = Promise.withResolvers<Tally>()
        running.set(number, ending)
        started.resolve()
        return ending.promise
      },
    })
    await engine.start()
    const handle = await engine.workflows.start(dataProcessing, { args: [{ dataset, outputFolder, width: 2 }] })
    const look = async () => {
      const { batches, batchesDone, processed, failed } = await handle.query(getProgress)
      return { running: [...running.keys()], batches, batchesDone, processed, failed }
    }
    const end = (number: number, processed: number, failed: number) => {
      started = Promise.withResolvers<void>()
      running.get(number)?.resolve({ ...emptyTally, processed, failed })
      running.delete(number)
    }
    const bothRun = async () => {
      while (running.size < 2) await started.promise.then(() => { started = Promise.withResolvers<void>() })
    }
    await bothRun()
    assert.deepEqual(await look(), { running: [1, 2], batches: 5, batchesDone: 0, processed: 0, failed: 0 })
    end(2, 7, 3)
    await bothRun()
    assert.deepEqual(await look(), { running: [1, 3], batches: 5, batchesDone: 1, processed: 7, failed: 3 })
    end(1, 10, 0)
    await bothRun()
    assert.deepEqual(await look(), { running: [3, 4], batches: 5, batchesDone: 2, processed: 17, failed: 3 })
    end(4, 1, 0)
    await bothRun()
    for (const number of [3, 5]) end(number, 1, 1)
    assert.deepEqual(await handle.result(), { ...emptyTally, processed: 20, failed: 5 })
    assert.equal((await handle.query(getProgress)).batchesDone, 5)
  })

  it('refuses a width that would process nothing', async () => {
    await using engine = await Engine.open({ database: ':memory:' })
    engine.workflows.register({ dataProcessing })
    engine.activities.register(activities)
    await engine.start()
    const refused = engine.workflows.execute(dataProcessing, { args: [{ dataset, outputFolder, width: 0 }] })
    await assert.rejects(refused, (error) => error instanceof WorkflowFailedError && error.cause instanceof ApplicationFailure)
  })

  it('shows its progress when it is run', () => {
    const printed = execFileSync(process.execPath, [join(import.meta.dirname, 'run.ts')], { encoding: 'utf8' })
    const progress = [...printed.matchAll(/^(\d+) of 40 batches, (\d+) records processed, (\d+) failed$/gm)]
    assert.ok(progress.length > 1)
    assert.deepEqual(progress.at(-1)?.slice(1).map(Number), [40, good.length, 2_000 - good.length])
    assert.match(printed, /^All 2000 records are accounted for\.$/m)
  })
})

describe('a batch', () => {
  const cutInto = async (text: string, batchSize: number) => {
    const file = join(folder, 'cut.csv')
    writeFileSync(file, text)
    return (await activities.planBatches(file, batchSize)).map(({ start, end }) => Buffer.from(text).subarray(start, end).toString())
  }

  it('has whole lines, without the header', async () => {
    assert.deepEqual(await cutInto('head\na\nb\nc\nd\ne\n', 2), ['a\nb\n', 'c\nd\n', 'e\n'])
    assert.deepEqual(await cutInto('head\nä\nb\n', 1), ['ä\n', 'b\n'])
    assert.deepEqual(await cutInto('head\na\nb\nc', 2), ['a\nb\n', 'c'])
  })

  it('is missing when there are no records', async () => {
    for (const text of ['', 'head', 'head\n']) assert.deepEqual(await cutInto(text, 2), [])
  })

  it('that is processed twice leaves what it left once', async () => {
    const outputFolder = join(folder, 'twice')
    mkdirSync(outputFolder)
    const file = join(folder, 'twice.csv')
    writeFileSync(file, 'head\n2026-01-02,castle,ada@example.com,mug,2,1.50\n2026-01-02,castle,ada@example.com,mug,zwei,1.50\n')
    const [batch] = await activities.planBatches(file, 10)
    assert.ok(batch)
    const tally = { processed: 1, failed: 1, problems: { 'no quantity': 1 }, revenueCents: { castle: 300 } }
    const once = await activities.processBatch(file, batch, outputFolder)
    const left = readFileSync(join(outputFolder, 'batch-0001.csv'), 'utf8')
    assert.deepEqual([once, await activities.processBatch(file, batch, outputFolder)], [tally, tally])
    assert.deepEqual(readdirSync(outputFolder), ['batch-0001.csv'])
    assert.equal(readFileSync(join(outputFolder, 'batch-0001.csv'), 'utf8'), left)
    assert.match(left, /^2026-01-02,castle,[\w-]{12},mug,2,150\n$/)
  })
})
