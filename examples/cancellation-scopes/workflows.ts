import { ActivityCancellationType, CancellationScope, isCancellation, proxyActivities, sleep } from 'perdure/workflow'
import type * as activities from './activities.ts'

const { cook } = proxyActivities<typeof activities>({
  startToCloseTimeout: '2 hours',
  heartbeatTimeout: '2 minutes',
  // Goes on when the activity has stopped, not when it was asked to.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
})
const { cleanUp } = proxyActivities<typeof activities>({ startToCloseTimeout: '1 minute' })

/** Cancels a part of itself that takes too long, and goes on. */
export async function impatient(): Promise<string> {
  try {
    return await CancellationScope.withTimeout('20 ms', () => cook('stew'))
  } catch (error) {
    if (isCancellation(error)) return 'sandwiches instead'
    throw error
  }
}

/** The first of two counts; the other is not left running. */
export async function fastest(): Promise<string> {
  return CancellationScope.cancellable(async () => {
    try {
      return await Promise.race([sleep('10 ms').then(() => 'salad'), sleep('1 hour').then(() => 'roast')])
    } finally {
      CancellationScope.current().cancel()
    }
  })
}

/** Cleans up when it is cancelled from outside. */
export async function dinner(dish: string): Promise<string> {
  try {
    return await cook(dish)
  } catch (error) {
    // In a scope of its own, which the cancellation does not reach.
    if (isCancellation(error)) await CancellationScope.nonCancellable(() => cleanUp(dish))
    throw error
  }
}
