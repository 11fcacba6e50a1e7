import {
  ActivityFailure, CancellationScope, CancelledFailure, condition, defineQuery, defineSignal, isCancellation, proxyActivities, setHandler,
  sleep, TimeoutFailure,
} from 'perdure/workflow'
import type { StepActivities } from './activities.ts'

const retry = { initialInterval: 10, maximumInterval: 50 }
const always = { startToCloseTimeout: '1 minute', retry } as const
const { step, flaky, block } = proxyActivities<StepActivities>(always)
const { step: stepOnce } = proxyActivities<StepActivities>({ startToCloseTimeout: '1 minute', retry: { maximumAttempts: 1 } })

export const give = defineSignal<[value: number]>('give')
export const finish = defineSignal('finish')
export const given = defineQuery<readonly number[]>('given')

export type Tokens = Readonly<Record<string, string>>

/** What every workflow here returns: of each step the token of the attempt that counted. */
export interface Outcome {
  readonly tokens: Tokens
  readonly values?: readonly number[]
}

/** Steps in turn and at once, a timer, one that fails first, and one that may run only once. */
export async function chain(): Promise<Outcome> {
  const tokens: Record<string, string> = { first: await step('first') }
  const [left, middle, right] = await Promise.all([step('left'), step('middle'), step('right')])
  Object.assign(tokens, { left, middle, right })
  await sleep(20)
  tokens['flaky'] = await flaky('flaky')
  try {
    tokens['once'] = await stepOnce('once')
  } catch (error) {
    if (!(error instanceof ActivityFailure && error.cause instanceof TimeoutFailure)) throw error
    tokens['made good'] = await step('made good')
  }
  tokens['last'] = await step('last')
  return { tokens }
}

export async function long(count: number): Promise<Outcome> {
  const tokens: Record<string, string> = {}
  for (let number = 1; number <= count; number++) tokens[number] = await step(`${number}`)
  return { tokens }
}

/** Gathers what it is given until it is told to finish. */
export async function gather(): Promise<Outcome> {
  const values: number[] = []
  let finished = false
  setHandler(give, value => void values.push(value))
  setHandler(finish, () => {
    finished = true
  })
  setHandler(given, () => values)
  await condition(() => finished)
  return { values, tokens: { last: await step('last') } }
}

export async function sleeper(): Promise<Outcome> {
  setHandler(given, () => [])
  const tokens = { first: await step('first') }
  await sleep('1 hour')
  return { tokens }
}

/** Ends when it is cancelled. */
export async function working(taskQueue: string): Promise<void> {
  const { work } = proxyActivities<StepActivities>({
    ...always, taskQueue, heartbeatTimeout: 2_000, cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  })
  try {
    await work('work')
  } catch (error) {
    // An attempt that was asked to stop, and died with its worker, is not tried again, and nobody can tell that it stopped.
    const isLost = error instanceof ActivityFailure && error.cause instanceof TimeoutFailure
    throw isLost ? new CancelledFailure('the attempt that was to stop is lost') : error
  }
}

/** Of the answer from outside there is no token. */
export async function outside(): Promise<Outcome> {
  const { leave } = proxyActivities<StepActivities>({ ...always, activityId: 'outside', heartbeatTimeout: '1 minute' })
  const answer = await leave('outside')
  return { tokens: { last: await step('last') }, values: [Number(answer)] }
}

/** On a queue with limits. */
export async function limited(): Promise<Outcome> {
  const { step: limitedStep } = proxyActivities<StepActivities>({ ...always, taskQueue: 'limited' })
  const [one, two, three] = await Promise.all([limitedStep('one'), limitedStep('two'), limitedStep('three')])
  return { tokens: { one, two, three } }
}

/** What waits in a queue that nobody serves is given up: one by its own time limit, one by a cancellation. */
export async function unserved(): Promise<Outcome> {
  const { step: late } = proxyActivities<StepActivities>({ ...always, taskQueue: 'nobody', scheduleToStartTimeout: 60 })
  const { step: waiting } = proxyActivities<StepActivities>({
    ...always, taskQueue: 'nobody', cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  })
  const scope = new CancellationScope()
  const stopped = scope.run(() => waiting('never'))
  const [reason] = await Promise.all([
    stopped.then(() => 'ran', (error: unknown) => (isCancellation(error) ? 'cancelled' : 'failed')),
    late('never').catch(() => undefined),
    sleep(40).then(() => scope.cancel()),
  ])
  return { tokens: { last: await step('last') }, values: [reason === 'cancelled' ? 1 : 0] }
}

/** Its first attempt hangs until its time is over. */
export async function hanging(): Promise<Outcome> {
  const { hang } = proxyActivities<StepActivities>({ startToCloseTimeout: 60, retry })
  return { tokens: { hang: await hang('hang') } }
}

export async function blocking(ms: number): Promise<Outcome> {
  return { tokens: { block: await block('block', ms) } }
}
