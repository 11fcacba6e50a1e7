import { ActivityFailure, CancellationScope, CancelledFailure, isCancellation, proxyActivities, sleep } from 'perdure/workflow'
import type * as hanging from '../activities/hanging.ts'
import type * as steps from '../activities/steps.ts'

const { greet } = proxyActivities<typeof steps>({ startToCloseTimeout: '1 minute' })
const { workUntilCancelled } = proxyActivities<typeof hanging>({ startToCloseTimeout: '1 minute', heartbeatTimeout: '10 seconds' })

const outcome = (promise: Promise<unknown>): Promise<string> => promise.then(() => 'done', (error: unknown) => {
  if (error instanceof CancelledFailure) return 'cancelled'
  return isCancellation(error) ? 'cancelled activity' : String(error)
})

export async function withTimeoutInTime(): Promise<string> {
  return CancellationScope.withTimeout('1 hour', () => greet('you'))
}

export async function withTimeoutTooLate(key: string): Promise<string> {
  return outcome(CancellationScope.withTimeout(30, () => workUntilCancelled(key, 'throw')))
}

/** Cancelling the outer scope reaches the inner one, but not the shielded one. */
export async function nested(): Promise<readonly string[]> {
  const outer = new CancellationScope()
  let [inner, shielded] = [Promise.resolve(''), Promise.resolve('')]
  const own = outer.run(async () => {
    inner = outcome(CancellationScope.cancellable(() => sleep('1 hour')))
    shielded = outcome(CancellationScope.nonCancellable(() => sleep(10)))
    return outcome(sleep('1 hour'))
  })
  await sleep(1)
  outer.cancel()
  return [await own, await inner, await shielded]
}

/** A cancelled inner scope leaves the outer one alone. */
export async function innerAlone(): Promise<readonly string[]> {
  const inner = new CancellationScope()
  const sleeping = outcome(inner.run(() => sleep('1 hour')))
  await greet('you')
  inner.cancel()
  return [await sleeping, await outcome(sleep(1))]
}

/** An escaping cancellation of a scope, where nobody cancelled the execution. */
export async function escaping(): Promise<void> {
  const scope = new CancellationScope()
  const sleeping = scope.run(() => sleep('1 hour'))
  scope.cancel()
  await sleeping
}

/** Cancelled in the turn that scheduled it: it never runs. */
export async function cancelledAtOnce(): Promise<string> {
  const scope = new CancellationScope()
  const running = scope.run(() => greet('you'))
  scope.cancel()
  try {
    await running
  } catch (error) {
    return error instanceof ActivityFailure && isCancellation(error) ? 'ActivityFailure' : String(error)
  }
  return 'it ran'
}

/** In a scope that was cancelled before, nothing is scheduled. */
export async function calledInCancelled(): Promise<string> {
  const scope = new CancellationScope()
  scope.cancel()
  return outcome(scope.run(() => greet('you')))
}
