/** The workflow of every simulation: runs a program. What it returns says what each of its operations came to. */
import {
  ActivityFailure, ApplicationFailure, CancellationScope, ChildWorkflowFailure, condition, continueAsNew, defineQuery, defineSignal,
  defineUpdate, getExternalWorkflowHandle, isCancellation, patched, proxyActivities, setHandler, sleep, startChild, TerminatedFailure,
  TimeoutFailure, uuid4, WorkflowExecutionAlreadyStartedError, workflowInfo,
} from '@perdure/workflow'
import type { ActivityOp, CancellationType, ChildOp, Op, Program, Work } from './programs.ts'

export const noted = defineSignal<[string]>('noted')
export const progress = defineQuery<Progress>('progress')
/** Its handler makes workflow code go on, which a query may not. */
export const stirred = defineQuery<void>('stirred')

/** Its validator refuses what is bad. */
export const adjusted = defineUpdate<string, [Adjustment]>('adjusted')

export interface Adjustment {
  readonly id: string
  readonly bad: boolean
  /** Its handler takes so long. */
  readonly ms: number
}

export interface Progress {
  /** Signals, in the order in which they came. */
  readonly seen: readonly string[]
  readonly done: number
}

/** Of one operation: a text for an activity and the like, a list for several, what the winner of a race came to. */
export type Outcome = string | boolean | readonly Outcome[] | { readonly won: number; readonly outcome: Outcome }

export interface ProgramResult {
  readonly outcomes: readonly Outcome[]
  readonly seen: readonly string[]
  readonly cancelled: boolean
}

interface State {
  readonly seen: string[]
  done: number
  /** Signals to others. */
  sent: number
}

export async function runProgram(program: Program): Promise<ProgramResult> {
  const state: State = { seen: [], done: 0, sent: 0 }
  setHandler(adjusted, async ({ id, ms }) => {
    if (ms > 0) await sleep(ms)
    return id
  }, { validator: ({ bad }) => {
    if (bad) throw ApplicationFailure.nonRetryable('it is bad', 'Bad')
  } })
  setHandler(noted, (id) => { state.seen.push(id) })
  setHandler(progress, () => ({ seen: [...state.seen], done: state.done }))
  const { promise: stir, resolve: goOn } = Promise.withResolvers<void>()
  void stir.then(() => CancellationScope.nonCancellable(() => sleep(1))).catch(() => undefined)
  setHandler(stirred, () => goOn())
  let outcomes: Outcome[] = []
  let cancelled = false
  try {
    outcomes = await runOps(program.ops, state)
  } catch (error) {
    if (!isCancellation(error) || program.onCancel === 'end') throw error
    if (program.onCancel === 'clean up') {
      await CancellationScope.nonCancellable(() => runActivity(cleanUp))
      throw error
    }
    cancelled = true
  }
  const { runs, failsRuns } = program
  if (workflowInfo().attempt <= failsRuns) throw ApplicationFailure.retryable('this run fails', 'FlakyRun')
  if (runs > 0 && !cancelled) await continueAsNew<typeof runProgram>({ ...program, runs: runs - 1 })
  if (program.end === 'fail') throw ApplicationFailure.nonRetryable('as the program says', 'Planned')
  return { outcomes, seen: [...state.seen], cancelled }
}

const cleanUp: ActivityOp = {
  do: 'activity', work: { id: 'clean-up', ms: 5, fails: 0, permanent: false, kills: 0, beats: 0, obeys: true },
  maximumAttempts: 0, taskQueue: 'main', startToCloseMs: 60_000, heartbeatMs: null, scheduleToCloseMs: null,
}

async function runOps(ops: readonly Op[], state: State): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const op of ops) {
    outcomes.push(await runOp(op, state))
    state.done++
  }
  return outcomes
}

async function runOp(op: Op, state: State): Promise<Outcome> {
  switch (op.do) {
    case 'activity': return runActivity(op)
    case 'sleep':
      for (let time = 0; time < op.times; time++) await sleep(op.ms)
      return 'slept'
    case 'uuid': return uuid4()
    case 'all': return Promise.all(op.branches.map((branch) => runOps(branch, state)))
    case 'race':
      return Promise.race(op.branches.map(async (branch, won) => ({ won, outcome: await runOps(branch, state) })))
    case 'signals': {
      const enough = (): boolean => state.seen.length >= op.count
      if (op.ms !== null) return condition(enough, op.ms)
      await condition(enough)
      return true
    }
    case 'scope': return runScope(op.ms, () => runOps(op.ops, state))
    case 'child': return runChild(op, state)
    case 'note': return outcomeOf('sent', () => getExternalWorkflowHandle(op.to).signal(noted, noteOf(state)))
    case 'stop': return outcomeOf('sent', () => getExternalWorkflowHandle(op.to).cancel())
    case 'patch': return patched(op.id)
    case 'cancel': return runCancelled(op.afterMs, op.type, op.activity)
    default: return op satisfies never
  }
}

/** The id of a signal that this run sends. */
function noteOf(state: State): string {
  return `x ${workflowInfo().runId} ${++state.sent}`
}

async function runChild(op: ChildOp, state: State): Promise<string> {
  const { program, taskQueue, closePolicy, type, notes, awaits, cancelAfterMs } = op
  const scope = new CancellationScope()
  const outer = CancellationScope.current()
  const running = scope.run(async () => {
    const child = await startChild(runProgram, {
      workflowId: program.name, args: [program], taskQueue, parentClosePolicy: closePolicy, cancellationType: type,
      ...runOptions(program),
    })
    for (let note = 0; note < notes; note++) await outcomeOf('sent', () => child.signal(noted, noteOf(state)))
    if (awaits === 'end') await child.result()
    return awaits === 'end' ? 'child ok' : 'child started'
  })
  running.catch(() => undefined)
  if (cancelAfterMs !== null) {
    if (cancelAfterMs > 0) await sleep(cancelAfterMs)
    scope.cancel()
  }
  try {
    return await running
  } catch (error) {
    if (isCancellation(error) && outer.consideredCancelled) throw error
    return childEnd(error)
  }
}

export function runOptions({ maximumRuns, runTimeoutMs }: Program) {
  return {
    ...(maximumRuns === null ? {} : { retry: { maximumAttempts: maximumRuns, initialInterval: 400 } }),
    ...(runTimeoutMs === null ? {} : { workflowRunTimeout: runTimeoutMs }),
  }
}

function childEnd(error: unknown): string {
  if (isCancellation(error)) return 'child cancelled'
  if (error instanceof WorkflowExecutionAlreadyStartedError) return 'child exists'
  if (!(error instanceof ChildWorkflowFailure)) return `child ended with ${String(error)}`
  const { cause } = error
  if (cause instanceof TerminatedFailure) return 'child terminated'
  if (cause instanceof TimeoutFailure) return 'child timed out'
  return `child failed ${cause instanceof ApplicationFailure ? cause.type : String(cause)}`
}

async function outcomeOf(done: string, ask: () => Promise<void>): Promise<string> {
  try {
    await ask()
    return done
  } catch (error) {
    if (isCancellation(error)) throw error
    return error instanceof ApplicationFailure ? String(error.type) : String(error)
  }
}

async function runScope(ms: number, run: () => Promise<Outcome>): Promise<Outcome> {
  const outer = CancellationScope.current()
  try {
    return await CancellationScope.withTimeout(ms, run)
  } catch (error) {
    if (!isCancellation(error) || outer.consideredCancelled) throw error
    return 'over time'
  }
}

async function runCancelled(afterMs: number, type: CancellationType, activity: ActivityOp): Promise<Outcome> {
  const outer = CancellationScope.current()
  const scope = new CancellationScope()
  const running = scope.run(() => runActivity(activity, type))
  running.catch(() => undefined)
  if (afterMs > 0) await sleep(afterMs)
  scope.cancel()
  try {
    return await running
  } catch (error) {
    if (!isCancellation(error) || outer.consideredCancelled) throw error
    return 'cancelled'
  }
}

async function runActivity(op: ActivityOp, cancellationType: CancellationType = 'TRY_CANCEL'): Promise<string> {
  const { work } = proxyActivities<{ work(of: Work): Promise<string> }>({
    taskQueue: op.taskQueue, startToCloseTimeout: op.startToCloseMs, cancellationType,
    retry: { maximumAttempts: op.maximumAttempts, initialInterval: 200, backoffCoefficient: 1.5 },
    ...(op.heartbeatMs === null ? {} : { heartbeatTimeout: op.heartbeatMs }),
    ...(op.scheduleToCloseMs === null ? {} : { scheduleToCloseTimeout: op.scheduleToCloseMs }),
  })
  try {
    return await work(op.work)
  } catch (error) {
    if (isCancellation(error)) throw error
    const { cause } = error instanceof ActivityFailure ? error : { cause: error }
    if (cause instanceof TimeoutFailure) return `${op.work.id} failed TimeoutFailure`
    return `${op.work.id} failed ${cause instanceof ApplicationFailure ? cause.type : String(cause)}`
  }
}
