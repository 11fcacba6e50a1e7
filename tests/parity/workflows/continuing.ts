import {
  allHandlersFinished, ApplicationFailure, CancellationScope, condition, continueAsNew, ContinueAsNew, defineSignal, defineUpdate,
  makeContinueAsNewFunc, proxyActivities, setHandler, sleep, startChild, upsertMemo, workflowInfo,
} from '@temporalio/workflow'
import type * as activities from '../activities/steps.ts'
import { describedError } from '../described-error.ts'

const { hang } = proxyActivities<typeof activities>({ startToCloseTimeout: '1 minute' })

export const word = defineSignal<[string]>('word')
export const next = defineSignal('next')
export const ask = defineUpdate<string, [string]>('ask')

/** Counts down over runs. */
export async function countdown(left: number): Promise<unknown> {
  if (left > 0) await continueAsNew<typeof countdown>(left - 1)
  const { workflowType, attempt, continuedFromExecutionRunId, runId, firstExecutionRunId, memo, historyLength } = workflowInfo()
  return {
    workflowType, attempt, continued: continuedFromExecutionRunId !== undefined, same: runId === firstExecutionRunId, memo,
    historyLength: typeof historyLength,
  }
}

export async function toOther(): Promise<void> {
  const onward = makeContinueAsNewFunc<typeof other>({ workflowType: 'other', memo: { of: 'the call' }, workflowRunTimeout: '1 minute' })
  await onward('given')
}

export async function other(text: string): Promise<unknown> {
  const { workflowType, memo, runTimeoutMs, executionTimeoutMs, taskQueue } = workflowInfo()
  return { text, workflowType, memo, runTimeoutMs, executionTimeoutMs, taskQueue }
}

/** What the call throws: code can catch it. */
export async function catches(): Promise<unknown> {
  try {
    await continueAsNew<typeof catches>()
  } catch (error) {
    return { described: describedError(error), known: error instanceof ContinueAsNew }
  }
  return 'never'
}

export async function unknownType(): Promise<void> {
  await makeContinueAsNewFunc({ workflowType: 'nobodyHasIt' })()
}

type Pending = 'activity' | 'timer' | 'child' | 'nothing'

/** Goes on with something pending. */
export async function leaves(pending: Pending): Promise<string> {
  if (workflowInfo().continuedFromExecutionRunId !== undefined) return 'continued'
  if (pending === 'activity') void hang()
  if (pending === 'timer') void sleep('1 hour')
  if (pending === 'child') await startChild(waits, { workflowId: `${workflowInfo().workflowId}-child`, args: [] })
  await sleep(1)
  await continueAsNew<typeof leaves>(pending)
  return 'never'
}

/** In the activation that asks for a child, an activity and a timer. */
export async function leavesAtOnce(): Promise<string> {
  if (workflowInfo().continuedFromExecutionRunId !== undefined) return 'continued'
  void hang()
  void sleep('1 hour')
  void startChild(waits, { workflowId: `${workflowInfo().workflowId}-child`, args: [] })
  await continueAsNew<typeof leavesAtOnce>()
  return 'never'
}

export async function waits(): Promise<void> {
  await condition(() => false)
}

/** Words that came before it goes on are handed over; those that nobody handled are not. */
export async function listens(words: readonly string[], handles: boolean): Promise<readonly string[]> {
  const all = [...words]
  let goesOn = false
  if (handles || words.length > 0) setHandler(word, (text) => { all.push(text) })
  setHandler(next, () => { goesOn = true })
  await condition(() => goesOn || all.length >= 3)
  if (all.length >= 3) return all
  await continueAsNew<typeof listens>([...all, 'on'], handles)
  return all
}

/** A signal handler goes on. */
export async function handlerGoesOn(): Promise<string> {
  if (workflowInfo().continuedFromExecutionRunId !== undefined) return 'continued'
  setHandler(next, async () => {
    await continueAsNew<typeof handlerGoesOn>()
  })
  await condition(() => false)
  return 'never'
}

/** An update waits for its end while main goes on. */
export async function updateWaits(waitsForHandlers: boolean): Promise<string> {
  if (workflowInfo().continuedFromExecutionRunId !== undefined) {
    setHandler(ask, async (text) => `${text} in the next run`)
    await sleep(500)
    return 'continued'
  }
  let goesOn = false
  setHandler(ask, async (text) => {
    goesOn = true
    await sleep(500)
    return `${text} in the first run`
  })
  await condition(() => goesOn)
  if (waitsForHandlers) await condition(allHandlersFinished)
  await continueAsNew<typeof updateWaits>(waitsForHandlers)
  return 'never'
}

/** Memo that was changed is taken along. */
export async function memoGoesAlong(): Promise<unknown> {
  if (workflowInfo().continuedFromExecutionRunId !== undefined) return workflowInfo().memo
  upsertMemo({ added: [1, 2], kept: null })
  await continueAsNew<typeof memoGoesAlong>()
  return undefined
}

/** A cancelled execution goes on. */
export async function afterCancellation(): Promise<string> {
  if (workflowInfo().continuedFromExecutionRunId !== undefined) {
    await sleep(1)
    return 'continued'
  }
  try {
    await condition(() => false)
  } catch {
    await CancellationScope.nonCancellable(async () => { await continueAsNew<typeof afterCancellation>() })
  }
  return 'never'
}

/** The chain fails in its last run. */
export async function failsLater(left: number): Promise<void> {
  if (left > 0) await continueAsNew<typeof failsLater>(left - 1)
  throw ApplicationFailure.create({ message: 'in the last run', type: 'Late' })
}
