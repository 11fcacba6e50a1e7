import {
  type ActivityOptions, CancellationScope, condition, defineSignal, isCancellation, proxyActivities, setHandler,
} from 'perdure/workflow'
import type * as outside from '../activities/outside.ts'

export const stop = defineSignal('stop')

export async function left(key: string, options: ActivityOptions): Promise<unknown> {
  return proxyActivities<typeof outside>(options).leave(key)
}

export async function leftWithDetails(key: string, options: ActivityOptions): Promise<unknown> {
  return proxyActivities<typeof outside>(options).leaveWithDetails(key)
}

export async function givenAway(key: string): Promise<unknown> {
  return proxyActivities<typeof outside>({ startToCloseTimeout: '1 minute' }).giveTokenAway(key)
}

/** Cancels the activity when it is told, and waits for its answer. */
export async function leftAndCancelled(key: string): Promise<string> {
  let stopped = false
  setHandler(stop, () => {
    stopped = true
  })
  const { leave } = proxyActivities<typeof outside>({ startToCloseTimeout: '1 minute', cancellationType: 'WAIT_CANCELLATION_COMPLETED' })
  const scope = new CancellationScope()
  const running = scope.run(() => leave(key))
  await condition(() => stopped)
  scope.cancel()
  try {
    return await running
  } catch (error) {
    return isCancellation(error) ? 'cancelled' : 'failed'
  }
}
