import { ApplicationFailure, defineQuery, mapConcurrently, proxyActivities, setHandler } from 'perdure/workflow'
import type * as activities from './activities.ts'
import { emptyTally, sumOf, type Tally } from './tally.ts'

export interface Job {
  readonly dataset: string
  readonly outputFolder: string
  /** Records in a batch. Default 100. */
  readonly batchSize?: number
  /** Batches at a time. Default 4. */
  readonly width?: number
}

export interface Progress extends Tally {
  readonly batches: number
  readonly batchesDone: number
}

export const getProgress = defineQuery<Progress>('getProgress')

const { planBatches, processBatch } = proxyActivities<typeof activities>({
  startToCloseTimeout: '10 minutes',
  retry: { maximumAttempts: 5 },
})

/** Processes a dataset in batches, several at a time, and counts what became of its records. */
export async function dataProcessing({ dataset, outputFolder, batchSize = 100, width = 4 }: Job): Promise<Tally> {
  let tally = emptyTally
  let batches: readonly activities.Batch[] = []
  let batchesDone = 0
  setHandler(getProgress, () => ({ ...tally, batches: batches.length, batchesDone }))
  if (batchSize < 1 || width < 1) throw ApplicationFailure.nonRetryable('batchSize and width are at least 1', 'JobInvalid')

  batches = await planBatches(dataset, batchSize)
  await mapConcurrently(batches, width, async (batch) => {
    const tallyOfBatch = await processBatch(dataset, batch, outputFolder)
    tally = sumOf(tally, tallyOfBatch)
    batchesDone++
  })
  return tally
}
