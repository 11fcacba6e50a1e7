import { condition, defineSignal, patched, proxyActivities, setHandler } from 'perdure/workflow'
import type * as activities from './activities.ts'

const { charge, checkFraud } = proxyActivities<typeof activities>({ startToCloseTimeout: '10 seconds' })

export const confirm = defineSignal('confirm')

/**
 * With a check in front. Executions that came past this place before it was there go on without it; those that come to it now
 * have it, and know on every replay that they had.
 *
 * When no execution of the old kind is open any more, `deprecatePatch('check-fraud')` takes the place of the `if`, and when
 * none is open that was written with `patched`, that line goes too.
 */
export async function purchase(customer: string): Promise<readonly string[]> {
  let isConfirmed = false
  setHandler(confirm, () => {
    isConfirmed = true
  })
  const done: string[] = []
  if (patched('check-fraud')) done.push(await checkFraud(customer))
  done.push(await charge(customer))
  await condition(() => isConfirmed)
  return done
}
