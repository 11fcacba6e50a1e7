import {
  ActivityCancellationType, ApplicationFailure, CancellationScope, CancelledFailure, condition, defineSignal, executeChild, isCancellation,
  proxyActivities, proxyLocalActivities, setHandler, sleep,
} from '@temporalio/workflow'
import type * as activities from '../activities/steps.ts'
import { describedError } from '../described-error.ts'

export const go = defineSignal('go')

type Log = (text: string) => void

function watch(log: Log, name: string, promise: Promise<unknown>): Promise<void> {
  return promise.then((value) => { log(`${name} resolved ${JSON.stringify(value) ?? ''}`) }, (error: unknown) => {
    log(`${name} rejected ${JSON.stringify(describedError(error))}`)
  })
}

/** Order in which a cancellation travels through scopes. */
export async function throughScopes(): Promise<readonly string[]> {
  const steps: string[] = []
  const log: Log = (text) => { steps.push(text) }
  const outer = new CancellationScope()
  await outer.run(async () => {
    const pending = [watch(log, 'outer timer', sleep('1 hour')), watch(log, 'outer condition', condition(() => false))]
    pending.push(watch(log, 'outer request', outer.cancelRequested))
    const inner = CancellationScope.cancellable(async () => {
      pending.push(watch(log, 'inner timer', sleep('1 hour')))
      pending.push(watch(log, 'inner request', CancellationScope.current().cancelRequested))
      await CancellationScope.cancellable(() => watch(log, 'innermost timer', sleep('1 hour')))
      log('inner goes on')
    })
    const shielded = CancellationScope.nonCancellable(async () => {
      pending.push(watch(log, 'shielded request', CancellationScope.current().cancelRequested))
      await sleep(1)
      log('shielded timer fired')
    })
    log('cancels')
    outer.cancel()
    log(`called, considered ${outer.consideredCancelled}`)
    await Promise.allSettled([inner, ...pending.slice(0, 2)])
    log('settled')
    await shielded
    log('outer goes on')
  })
  return steps
}

/** What a cancelled scope gives to what is begun in it. */
export async function inCancelled(): Promise<readonly string[]> {
  const steps: string[] = []
  const log: Log = (text) => { steps.push(text) }
  const { echo } = proxyActivities<typeof activities>({ startToCloseTimeout: '1 minute' })
  const local = proxyLocalActivities<typeof activities>({ startToCloseTimeout: '1 minute' })
  const scope = new CancellationScope()
  scope.cancel()
  await scope.run(async () => {
    await watch(log, 'timer', sleep(1))
    await watch(log, 'condition that holds', condition(() => true))
    await watch(log, 'condition with timeout', condition(() => false, 10))
    await watch(log, 'activity', echo(1))
    await watch(log, 'local activity', local.echo(1))
    await watch(log, 'child', executeChild('nobody'))
    await watch(log, 'child scope', CancellationScope.cancellable(async () => 'ran'))
    await watch(log, 'shielded', CancellationScope.nonCancellable(async () => {
      await sleep(1)
      return 'ran'
    }))
    await watch(log, 'throwIfCancelled', Promise.resolve().then(() => CancellationScope.current().cancelRequested))
  })
  return steps
}

type Work = 'untilCancelled' | 'cancellable' | 'hang' | 'aborts' | 'throwsReason'

/** A scope with a running activity is cancelled on a signal. */
export async function activity(work: Work, cancellationType: keyof typeof ActivityCancellationType): Promise<unknown> {
  const log: unknown[] = []
  let going = false
  setHandler(go, () => { going = true })
  const running = proxyActivities<typeof activities>({
    startToCloseTimeout: '1 minute', heartbeatTimeout: '30 seconds', cancellationType: ActivityCancellationType[cancellationType],
  })
  const scope = new CancellationScope()
  const done = scope.run(async () => {
    try {
      log.push(['value', await running[work]()])
    } catch (error) {
      log.push(isCancellation(error), describedError(error))
    }
  })
  await condition(() => going)
  scope.cancel()
  log.push('cancelled')
  await done
  return log
}

/** Cancelled in the activation that schedules it. */
export async function activityAtOnce(cancellationType: keyof typeof ActivityCancellationType): Promise<unknown> {
  const { echo } = proxyActivities<typeof activities>({
    startToCloseTimeout: '1 minute', cancellationType: ActivityCancellationType[cancellationType],
  })
  const scope = new CancellationScope()
  const done = scope.run(async () => echo(1)).catch(describedError)
  scope.cancel()
  return done
}

type Reaction = 'escape' | 'swallow' | 'fail' | 'tidy' | 'later' | 'wrap' | 'ignore'

/** How an execution ends that is cancelled. */
export async function whole(reaction: Reaction): Promise<unknown> {
  if (reaction === 'ignore') {
    await CancellationScope.nonCancellable(() => sleep(4_000))
    return `ignored, requested ${CancellationScope.current().consideredCancelled}`
  }
  try {
    await sleep('1 hour')
  } catch (error) {
    if (reaction === 'swallow') return describedError(error)
    if (reaction === 'fail') throw ApplicationFailure.create({ message: 'failed while cancelled' })
    if (reaction === 'wrap') throw ApplicationFailure.create({ message: 'wrapped', cause: error as Error })
    if (reaction === 'later') await sleep(1)
    if (reaction === 'tidy') await CancellationScope.nonCancellable(() => sleep(1))
    throw error
  }
  return 'never'
}

/** A cancellation that nobody asked for escapes. */
export async function escapes(how: 'scope' | 'thrown'): Promise<unknown> {
  if (how === 'thrown') throw new CancelledFailure('made here')
  const scope = new CancellationScope()
  scope.cancel()
  return scope.run(() => sleep(1))
}

/** Scopes with a timeout. */
export async function withTimeout(): Promise<readonly unknown[]> {
  const log: unknown[] = []
  try {
    await CancellationScope.withTimeout(200, () => sleep('1 hour'))
  } catch (error) {
    log.push(describedError(error))
  }
  log.push(await CancellationScope.withTimeout('1 hour', async () => 'in time'))
  return log
}

/** Scopes whose timeout is nothing, or less. */
export async function withoutTimeout(): Promise<readonly unknown[]> {
  const log: unknown[] = []
  for (const timeout of [0, '0s', -5] as const) {
    try {
      await CancellationScope.withTimeout(timeout, () => sleep(1_500))
      log.push(`${timeout}: in time`)
    } catch (error) {
      log.push(`${timeout}`, describedError(error))
    }
  }
  return log
}

/** An activity that is cancelled, does not hear of it, and runs out of its time; or that was not begun. */
export async function cancelledTooLate(of: 'startToCloseTimeout' | 'scheduleToCloseTimeout'): Promise<unknown> {
  let going = false
  setHandler(go, () => { going = true })
  const { hang } = proxyActivities<typeof activities>({
    ...(of === 'startToCloseTimeout' ? { startToCloseTimeout: 2_500 } : { scheduleToCloseTimeout: '6 seconds' }),
    retry: { initialInterval: 1 }, cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  })
  const scope = new CancellationScope()
  const done = scope.run(() => hang()).catch(describedError)
  await condition(() => going)
  scope.cancel()
  return done
}
