import {
  ActivityCancellationType, ActivityFailure, CancellationScope, CancelledFailure, condition, defineQuery, defineSignal, isCancellation,
  proxyActivities, setHandler, sleep,
} from 'perdure/workflow'
import type * as hanging from '../activities/hanging.ts'
import type * as steps from '../activities/steps.ts'

const { note, gated } = proxyActivities<typeof steps>({ startToCloseTimeout: '1 minute' })

export const where = defineQuery<string>('where')
export const goOn = defineSignal('goOn')

function working(cancellationType: ActivityCancellationType) {
  return proxyActivities<typeof hanging>({
    startToCloseTimeout: '1 minute', heartbeatTimeout: '10 seconds', retry: { initialInterval: 1 }, cancellationType,
  }).workUntilCancelled
}

export async function inTimer(): Promise<void> {
  setHandler(where, () => 'timer')
  await sleep('1 hour')
}

export async function inCondition(): Promise<void> {
  setHandler(where, () => 'condition')
  await condition(() => false)
}

export async function inTimedCondition(): Promise<boolean> {
  setHandler(where, () => 'condition')
  return condition(() => false, '1 hour')
}

type Ending = Parameters<typeof hanging.workUntilCancelled>[1]

export async function inActivity(key: string, type: ActivityCancellationType, then: Ending): Promise<string> {
  return working(type)(key, then)
}

/** How the call ended, seen from the workflow. */
export async function inActivityCaught(key: string, type: ActivityCancellationType, then: Ending): Promise<unknown> {
  try {
    return await working(type)(key, then)
  } catch (error) {
    if (!(error instanceof ActivityFailure)) return `not an ActivityFailure: ${String(error)}`
    return { cancelled: isCancellation(error), retryState: error.retryState, cause: error.cause?.message }
  }
}

/** The activity runs on another queue, so that this execution may leave memory meanwhile. */
export async function inActivityElsewhere(key: string, taskQueue: string): Promise<string> {
  const { workUntilCancelled } = proxyActivities<typeof hanging>({
    taskQueue, startToCloseTimeout: '1 minute', heartbeatTimeout: '10 seconds', cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  })
  return workUntilCancelled(key, 'linger')
}

/** The activity goes on after its scope was cancelled; the workflow waits until it is told. */
export async function abandoning(key: string): Promise<string> {
  let told = false
  setHandler(goOn, () => {
    told = true
  })
  const scope = new CancellationScope()
  const running = scope.run(() => working(ActivityCancellationType.ABANDON)(key, 'return'))
  await note(key, 'abandoned')
  scope.cancel()
  const outcome = await running.catch((error: unknown) => (isCancellation(error) ? 'abandoned' : 'failed'))
  await condition(() => told)
  return outcome
}

export async function cleaningUp(key: string): Promise<void> {
  setHandler(where, () => 'timer')
  try {
    await sleep('1 hour')
  } catch (error) {
    if (isCancellation(error)) await CancellationScope.nonCancellable(() => note(key, 'cleaned up'))
    throw error
  }
}

/** Cancelled clean-up outside of a shield: it does not run. */
export async function cleaningUpUnshielded(key: string): Promise<string> {
  setHandler(where, () => 'timer')
  try {
    await sleep('1 hour')
  } catch {
    try {
      await note(key, 'never')
    } catch (error) {
      return error instanceof CancelledFailure ? 'bare CancelledFailure' : String(error)
    }
  }
  return 'it ran'
}

export async function shielded(key: string): Promise<readonly string[]> {
  const inside = await CancellationScope.nonCancellable(() => gated(key, 'gate'))
  try {
    await sleep(1)
  } catch (error) {
    return [inside, isCancellation(error) ? 'cancelled afterwards' : String(error)]
  }
  return [inside, 'not cancelled']
}

export async function ignoring(): Promise<string> {
  setHandler(where, () => 'timer')
  await sleep('1 hour').catch(() => undefined)
  return 'went on'
}

export async function tellingOfRequest(): Promise<string> {
  setHandler(where, () => 'waiting')
  let requested = false
  void CancellationScope.current().cancelRequested.catch(() => {
    requested = true
  })
  await CancellationScope.nonCancellable(() => condition(() => requested))
  return 'told'
}

export async function conditionInCancelledScope(): Promise<string> {
  setHandler(where, () => 'timer')
  await sleep('1 hour').catch(() => undefined)
  try {
    await condition(() => true)
  } catch (error) {
    return error instanceof CancelledFailure ? 'condition threw' : String(error)
  }
  return 'condition held'
}
