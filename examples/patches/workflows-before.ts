import { condition, defineSignal, proxyActivities, setHandler } from 'perdure/workflow'
import type * as activities from './activities.ts'

const { charge } = proxyActivities<typeof activities>({ startToCloseTimeout: '10 seconds' })

export const confirm = defineSignal('confirm')

/** As it was rolled out first. */
export async function purchase(customer: string): Promise<readonly string[]> {
  let isConfirmed = false
  setHandler(confirm, () => {
    isConfirmed = true
  })
  const done = [await charge(customer)]
  await condition(() => isConfirmed)
  return done
}
