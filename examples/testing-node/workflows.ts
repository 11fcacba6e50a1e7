import { condition, defineSignal, proxyActivities, setHandler } from 'perdure/workflow'
import type * as activities from './activities.ts'

const { charge, sendMail } = proxyActivities<typeof activities>({ startToCloseTimeout: '1 minute' })

export const unsubscribe = defineSignal('unsubscribe')

/** A trial of thirty days; who does not unsubscribe is charged then. */
export async function subscription(customer: string): Promise<string> {
  let isWanted = true
  setHandler(unsubscribe, () => { isWanted = false })
  await sendMail(customer, 'Welcome')
  await condition(() => !isWanted, '30 days')
  if (!isWanted) return 'not wanted'
  const receipt = await charge(`trial of ${customer}`, 20)
  await sendMail(customer, `Your receipt is ${receipt}`)
  return receipt
}
