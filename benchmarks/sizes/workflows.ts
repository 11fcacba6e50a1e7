import { condition, defineSignal, proxyActivities, setHandler } from 'perdure/workflow'
import type * as activities from './activities.ts'

const { step, echo } = proxyActivities<typeof activities>({ startToCloseTimeout: '1 minute' })

export const goOn = defineSignal('goOn')

const atOnce = 500

/** So many steps, then it waits. */
export async function long(id: string, steps: number): Promise<number> {
  let mayGoOn = false
  setHandler(goOn, () => {
    mayGoOn = true
  })
  for (let done = 0; done < steps; done += atOnce) {
    await Promise.all(Array.from({ length: Math.min(atOnce, steps - done) }, (_, index) => step(id, done + index)))
  }
  await condition(() => mayGoOn)
  return steps
}

export async function carry(payload: string): Promise<string> {
  return echo(payload)
}
