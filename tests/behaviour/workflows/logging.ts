import { condition, defineQuery, defineSignal, log, proxyActivities, setHandler, sleep } from 'perdure/workflow'
import type * as speaking from '../activities/speaking.ts'

const { speak } = proxyActivities<typeof speaking>({ startToCloseTimeout: '1 minute', retry: { initialInterval: 1 } })

export const goOn = defineSignal('goOn')
export const linesSoFar = defineQuery<number>('linesSoFar')

/** Logs a line at each step, and waits in the middle for a signal. */
export async function talkative(key: string): Promise<void> {
  let lines = 0
  let mayGoOn = false
  setHandler(linesSoFar, () => lines)
  setHandler(goOn, () => {
    mayGoOn = true
    log.info('heard')
  })
  log.info('began', { step: ++lines, runId: 'not this one' })
  await speak(key)
  log.warn('was spoken', { step: ++lines })
  await condition(() => mayGoOn)
  await sleep(5)
  log.error('ends', { step: ++lines })
}
