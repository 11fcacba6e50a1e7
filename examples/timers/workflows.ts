import { condition, defineSignal, proxyActivities, setHandler, sleep } from 'perdure/workflow'
import type * as activities from './activities.ts'

const { remind } = proxyActivities<typeof activities>({ startToCloseTimeout: '1 minute' })

export const pay = defineSignal('pay')

/** Leaves a customer thirty days, then reminds every week, three times at most. */
export async function invoice(customer: string): Promise<string> {
  let isPaid = false
  setHandler(pay, () => {
    isPaid = true
  })
  await sleep('30 days')
  for (let reminders = 0; reminders < 3; reminders++) {
    if (isPaid) return `paid after ${reminders} reminders`
    // In a workflow a Date is that of the event being handled, on every replay.
    await remind(customer, new Date().toISOString().slice(0, 10))
    await condition(() => isPaid, '7 days')
  }
  return isPaid ? 'paid in the end' : 'not paid'
}
