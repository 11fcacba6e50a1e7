import {
  allHandlersFinished, condition, continueAsNew, defineQuery, proxyActivities, setHandler, sleep, workflowInfo,
} from 'perdure/workflow'
import type * as activities from './activities.ts'

const { readPage } = proxyActivities<typeof activities>({ startToCloseTimeout: '10 seconds' })

export const readSoFar = defineQuery<number>('readSoFar')

/** Here two pages; without it, when the engine says that the history has become long. */
export interface ImportState {
  readonly next: number
  readonly run: number
  readonly pagesPerRun?: number
}

/** Reads page after page. Before its history becomes long it goes on as a new run, with nothing but its state. */
export async function importAll({ next, run, pagesPerRun = Infinity }: ImportState): Promise<string> {
  let from = next
  setHandler(readSoFar, () => from)
  for (let pages = 0; ; pages++) {
    if (pages >= pagesPerRun || workflowInfo().continueAsNewSuggested) {
      // What handlers have begun would be lost with this run.
      await condition(allHandlersFinished)
      return continueAsNew<typeof importAll>({ next: from, run: run + 1, pagesPerRun })
    }
    const entries = await readPage(from)
    if (entries.length === 0) return `${from} entries in ${run} runs`
    from += entries.length
    await sleep('1 ms')
  }
}
