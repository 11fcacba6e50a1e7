import {
  allHandlersFinished, ApplicationFailure, condition, currentUpdateInfo, defineSignal, defineUpdate, proxyActivities, setHandler,
} from 'perdure/workflow'
import type * as activities from './activities.ts'

const { printTickets } = proxyActivities<typeof activities>({ startToCloseTimeout: '10 seconds' })

export const book = defineUpdate<readonly string[], [seats: number]>('book')
export const beginShow = defineSignal('beginShow')

/** Sells the seats of a show; the result is how many are left when it begins. */
export async function show(seats: number): Promise<number> {
  let left = seats
  let hasBegun = false
  setHandler(beginShow, () => {
    hasBegun = true
  })
  setHandler(book, async (wanted) => {
    left -= wanted
    return printTickets(currentUpdateInfo()?.id ?? '', wanted)
  }, {
    // Refuses before anything happens: nothing of a refused update is recorded.
    validator: (wanted) => {
      if (!Number.isInteger(wanted) || wanted < 1) throw ApplicationFailure.create({ message: `${wanted} is no number of seats` })
      if (wanted > left) throw ApplicationFailure.create({ message: `only ${left} seats are left`, type: 'SoldOut' })
    },
  })
  await condition(() => hasBegun)
  // Who has booked gets the tickets.
  await condition(allHandlersFinished)
  return left
}
