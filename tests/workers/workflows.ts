import {
  ActivityFailure, type ActivityOptions, CancellationScope, CancelledFailure, condition, defineSignal, isCancellation, proxyActivities,
  setHandler, sleep, TimeoutFailure, workflowInfo,
} from 'perdure/workflow'
import type { WorkerActivities } from './activities.ts'

export type ActivityName = keyof WorkerActivities

export interface CallOutcome {
  /** Workflow times, of the call and of its end. */
  readonly calledAt: number
  readonly endedAt: number
  readonly result?: unknown
  readonly failure?: CallFailure
}

export interface CallFailure {
  readonly retryState: string | undefined
  readonly cause: string
  readonly timeoutType: string | undefined
  readonly lastHeartbeatDetails: unknown
}

export const proceed = defineSignal('proceed')
export const giveUp = defineSignal('giveUp')

/** Calls one activity and tells how it ended. A cancel request is one of the ways. */
export async function call(activity: ActivityName, args: readonly unknown[], options: ActivityOptions): Promise<CallOutcome> {
  const calledAt = Date.now()
  try {
    const result = await activityOf(activity, options)(...args)
    return { calledAt, endedAt: Date.now(), result }
  } catch (error) {
    return { calledAt, endedAt: Date.now(), failure: failureOf(error) }
  }
}

/** The same; a cancel request ends it with its activity. */
export async function callUncaught(activity: ActivityName, args: readonly unknown[], options: ActivityOptions): Promise<unknown> {
  return activityOf(activity, options)(...args)
}

/** The signal `giveUp` cancels the activity; the workflow goes on until `proceed`. */
export async function callAndGiveUp(activity: ActivityName, args: readonly unknown[], options: ActivityOptions): Promise<CallOutcome> {
  let isOver = false
  setHandler(proceed, () => { isOver = true })
  const scope = new CancellationScope()
  setHandler(giveUp, () => scope.cancel())
  const outcome = await scope.run(() => call(activity, args, options))
  await condition(() => isOver)
  return outcome
}

export type Call = readonly [ActivityName, readonly unknown[], ActivityOptions]

/** All at once; the results in their order. */
export async function callAll(calls: readonly Call[]): Promise<readonly unknown[]> {
  return Promise.all(calls.map(([activity, args, options]) => activityOf(activity, options)(...args)))
}

export interface TenSteps {
  /** What each step returned, by its key; `lost` for one that may run only once and was lost. */
  readonly tokens: Readonly<Record<string, string>>
}

/** Ten steps on another queue, two by two; one of them may run only once, another twice. */
export async function tenSteps(taskQueue: string): Promise<TenSteps> {
  const { workflowId } = workflowInfo()
  const options: ActivityOptions = { taskQueue, startToCloseTimeout: '1 minute', retry: { initialInterval: 10, maximumInterval: 100 } }
  const tokens: Record<string, string> = {}
  const run = async (name: string, limits: ActivityOptions): Promise<void> => {
    const key = `${workflowId} ${name}`
    tokens[key] = await stepOrLost(key, { ...options, ...limits })
  }
  for (const pair of [['1', '2'], ['3', 'once'], ['5', '6'], ['7', 'twice'], ['9', '10']]) {
    await Promise.all(pair.map((name) => run(name, name === 'once' ? retries(1) : name === 'twice' ? retries(2) : {})))
  }
  return { tokens }
}

function retries(maximumAttempts: number): ActivityOptions {
  return { retry: { initialInterval: 10, maximumAttempts } }
}

async function stepOrLost(key: string, options: ActivityOptions): Promise<string> {
  try {
    return await proxyActivities<WorkerActivities>(options).step(key, 50 + Math.floor(Math.random() * 200))
  } catch (error) {
    if (!(error instanceof ActivityFailure && error.cause instanceof TimeoutFailure)) throw error
    return 'lost'
  }
}

const drained: ActivityOptions = { startToCloseTimeout: '1 minute', retry: { initialInterval: 10 } }

/** A step, a signal, a timer, a step. Returns when the timer was due. */
export async function stepAfterTimer(timerMs: number): Promise<number> {
  const { workflowId } = workflowInfo()
  const { step } = proxyActivities<WorkerActivities>(drained)
  let isSignaled = false
  setHandler(proceed, () => { isSignaled = true })
  await step(`${workflowId} before`, 10)
  await condition(() => isSignaled)
  const dueAt = Date.now() + timerMs
  await sleep(timerMs)
  await step(`${workflowId} after`, 10)
  return dueAt
}

/** A step, a signal, a step. */
export async function stepAfterSignal(): Promise<void> {
  const { workflowId } = workflowInfo()
  const { step } = proxyActivities<WorkerActivities>(drained)
  let isSignaled = false
  setHandler(proceed, () => { isSignaled = true })
  await step(`${workflowId} before`, 10)
  await condition(() => isSignaled)
  await step(`${workflowId} after`, 10)
}

/** Legs one after another, until the gate is open. */
export async function chain(gate: string, legMs: number): Promise<void> {
  const { workflowId } = workflowInfo()
  const { leg } = proxyActivities<WorkerActivities>(drained)
  for (let number = 1; !await leg(`${workflowId} ${number}`, gate, legMs); number++);
}

/** So many steps on another queue at once. */
export async function flood(taskQueue: string, steps: number, stepMs: number): Promise<void> {
  const { workflowId } = workflowInfo()
  const { step } = proxyActivities<WorkerActivities>({ taskQueue, startToCloseTimeout: '1 minute' })
  await Promise.all(Array.from({ length: steps }, (_, number) => step(`${workflowId} ${number}`, stepMs)))
}

function activityOf(activity: ActivityName, options: ActivityOptions): (...args: readonly unknown[]) => Promise<unknown> {
  return proxyActivities<WorkerActivities>(options)[activity] as (...args: readonly unknown[]) => Promise<unknown>
}

function failureOf(error: unknown): CallFailure {
  if (isCancellation(error) && error instanceof CancelledFailure) {
    return { retryState: undefined, cause: 'CancelledFailure', timeoutType: undefined, lastHeartbeatDetails: undefined }
  }
  if (!(error instanceof ActivityFailure)) throw error
  const { cause, retryState } = error
  const timeout = cause instanceof TimeoutFailure ? cause : undefined
  return {
    retryState, cause: cause?.constructor.name ?? 'none',
    timeoutType: timeout?.timeoutType, lastHeartbeatDetails: timeout?.lastHeartbeatDetails,
  }
}
