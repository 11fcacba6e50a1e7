import {
  ActivityFailure, ApplicationFailure, CancellationScope, CancelledFailure, condition, continueAsNew, defineQuery, defineSignal,
  defineUpdate, executeChild, getExternalWorkflowHandle, isCancellation, patched, proxyActivities, setHandler, sleep, startChild,
  TimeoutFailure, upsertMemo, workflowInfo,
} from 'perdure/workflow'
import type { StepActivities } from './activities.ts'

const retry = { initialInterval: 10, maximumInterval: 50 }
const always = { startToCloseTimeout: '1 minute', retry } as const
const { step, flaky, block } = proxyActivities<StepActivities>(always)
const { step: stepOnce } = proxyActivities<StepActivities>({ startToCloseTimeout: '1 minute', retry: { maximumAttempts: 1 } })

export const give = defineSignal<[value: number]>('give')
export const finish = defineSignal('finish')
export const given = defineQuery<readonly number[]>('given')
/** Gives a value too; one below zero is rejected. */
export const add = defineUpdate<number, [value: number]>('add')

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
  setHandler(add, async value => {
    values.push(value)
    await sleep(5)
    return value
  }, { validator: refuseNegative })
  await condition(() => finished)
  return { values, tokens: { last: await step('last') } }
}

function refuseNegative(value: number): void {
  if (value < 0) throw ApplicationFailure.nonRetryable('below zero', 'Negative')
}

/** How the children of a family end, by the last word of their ids. */
export const familyEnds = {
  done: 'COMPLETED', told: 'COMPLETED', dropped: 'TERMINATED', asked: 'CANCELLED', stopped: 'CANCELLED', left: 'CANCELLED',
} as const

/** Children of every kind: awaited, signalled, cancelled, and left open with each policy. */
export async function family(taskQueue: string): Promise<Outcome> {
  const { workflowId } = workflowInfo()
  upsertMemo({ family: workflowId })
  const id = (name: keyof typeof familyEnds): string => `${workflowId} ${name}`
  const scope = new CancellationScope()
  const stopped = scope.run(() => executeChild(sleeper, { workflowId: id('stopped') })).then(
    () => false, (error: unknown) => isCancellation(error))
  const told = await startChild(gather, { workflowId: id('told') })
  for (const value of [1, 2, 3]) await told.signal(give, value)
  await Promise.all([
    executeChild(offspring, { workflowId: id('done'), taskQueue }),
    startChild(sleeper, { workflowId: id('dropped'), parentClosePolicy: 'TERMINATE' }),
    startChild(sleeper, { workflowId: id('asked'), parentClosePolicy: 'REQUEST_CANCEL' }),
    startChild(sleeper, { workflowId: id('left'), parentClosePolicy: 'ABANDON' }),
  ])
  scope.cancel()
  const wasStopped = await stopped
  await getExternalWorkflowHandle(id('told')).signal(finish)
  const isMissing = await getExternalWorkflowHandle(id('done')).signal(finish).then(() => false, () => true)
  const { values = [] } = await told.result()
  const known = patched('known')
  return { tokens: { last: await step('last') }, values: [...values, Number(wasStopped), Number(isMissing), Number(known)] }
}

export async function offspring(): Promise<Outcome> {
  return { tokens: { last: await step('last') } }
}

/** Goes on as new so often; the last run tells what all of them were. */
export async function relay(runs: number, before: readonly number[] = []): Promise<Outcome> {
  const last = await step('last')
  const values = [...before, runs]
  if (runs > 1) await continueAsNew<typeof relay>(runs - 1, values)
  return { tokens: { last }, values }
}

/** Ends by its run timeout. */
export async function stuck(): Promise<void> {
  await sleep('1 hour')
}

/** Fails at its first attempt. */
export async function retried(): Promise<Outcome> {
  const tokens = { last: await step('last') }
  if (workflowInfo().attempt === 1) throw ApplicationFailure.retryable('the first attempt fails', 'First')
  return { tokens, values: [workflowInfo().attempt] }
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
