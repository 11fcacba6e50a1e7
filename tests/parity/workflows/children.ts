import {
  ApplicationFailure, CancellationScope, ChildWorkflowCancellationType, condition, continueAsNew, defineSignal, executeChild,
  getExternalWorkflowHandle, isCancellation, ParentClosePolicy, setHandler, sleep, startChild, workflowInfo, type ChildWorkflowOptions,
} from '@temporalio/workflow'
import { describedError, detailsUnder } from '../described-error.ts'

export const go = defineSignal('go')
export const word = defineSignal<[string]>('word')

type How =
  | 'return' | 'fail' | 'plain' | 'wait' | 'tidy' | 'tidySlowly' | 'swallow' | 'continue' | 'words' | 'info' | 'retry' | 'hang' | 'bare'

type Options = Omit<ChildWorkflowOptions, 'typeInfo'>

/** A child that ends as it is told. */
export async function child(how: How): Promise<unknown> {
  const words: string[] = []
  setHandler(word, (text) => { words.push(text) })
  switch (how) {
    case 'return': return 'child result'
    case 'bare': throw ApplicationFailure.create({ message: 'no details', type: 'Bare' })
    case 'hang': return workflowInfo().attempt > 1 ? 'tried again' : condition(() => false)
    case 'fail': throw ApplicationFailure.create({ message: 'child failed', type: 'ChildTrouble', details: ['why'] })
    case 'plain': throw new TypeError('a plain error')
    case 'continue': return continueAsNew<typeof child>('return')
    case 'retry': {
      const { attempt } = workflowInfo()
      if (attempt < 3) throw ApplicationFailure.create({ message: `attempt ${attempt}` })
      return `attempt ${attempt}`
    }
    case 'words':
      await condition(() => words.length === 2)
      return words
    case 'info': {
      const { parent, root, workflowType, attempt, continuedFromExecutionRunId } = workflowInfo()
      return { parent, root, workflowType, attempt, continuedFromExecutionRunId }
    }
    case 'wait': return condition(() => false)
    case 'swallow':
      try {
        await condition(() => false)
      } catch {
        return 'swallowed'
      }
      return 'never'
    case 'tidySlowly':
    case 'tidy':
      try {
        await condition(() => false)
      } finally {
        await CancellationScope.nonCancellable(() => sleep(how === 'tidy' ? 1 : 5_000))
      }
  }
  return 'never'
}

/** What becomes of a child that is executed. */
export async function executes(how: How, options: Options = {}): Promise<unknown> {
  try {
    return { value: await executeChild(child, { ...options, args: [how], workflowId: `${workflowInfo().workflowId}-child` }) }
  } catch (error) {
    return { error: describedError(error) }
  }
}

/** Escaping errors: how the execution of the parent ends. */
export async function letsEscape(how: How): Promise<unknown> {
  return executeChild(child, { args: [how], workflowId: `${workflowInfo().workflowId}-child` })
}

/** Starts two with the same id. */
export async function clash(options: Options = {}): Promise<unknown> {
  const workflowId = `${workflowInfo().workflowId}-child`
  await startChild(child, { args: ['wait'], workflowId })
  try {
    await startChild(child, { ...options, args: ['wait'], workflowId })
  } catch (error) {
    return describedError(error)
  }
  return 'both started'
}

/** Another of the same id when the first has ended. */
export async function again(first: How, options: Options): Promise<unknown> {
  const workflowId = `${workflowInfo().workflowId}-child`
  await executeChild(child, { args: [first], workflowId }).catch(() => {})
  try {
    return { value: await executeChild(child, { ...options, args: ['return'], workflowId }) }
  } catch (error) {
    return { error: describedError(error) }
  }
}

/** Cancels a running child, and says what it sees and when. */
export async function cancels(how: How, cancellationType: keyof typeof ChildWorkflowCancellationType): Promise<unknown> {
  const log: unknown[] = []
  const scope = new CancellationScope()
  await scope.run(async () => {
    const handle = await startChild(child, {
      args: [how], workflowId: `${workflowInfo().workflowId}-child`, cancellationType: ChildWorkflowCancellationType[cancellationType],
      parentClosePolicy: ParentClosePolicy.ABANDON,
    })
    log.push('started')
    scope.cancel()
    log.push('cancel called')
    try {
      log.push(['result', await handle.result()])
    } catch (error) {
      log.push(isCancellation(error), describedError(error))
    }
  })
  return log
}

/** Cancels a child whose start has not been answered. */
export async function cancelsAtOnce(cancellationType: keyof typeof ChildWorkflowCancellationType): Promise<unknown> {
  const log: unknown[] = []
  const scope = new CancellationScope()
  const running = scope.run(async () => {
    try {
      const handle = await startChild(child, {
        args: ['wait'], workflowId: `${workflowInfo().workflowId}-child`, cancellationType: ChildWorkflowCancellationType[cancellationType],
      })
      log.push('started')
      log.push(['result', await handle.result()])
    } catch (error) {
      log.push(describedError(error))
    }
  })
  scope.cancel()
  await running
  return log
}

/** Starts a child in a scope that is cancelled already. */
export async function inCancelledScope(): Promise<unknown> {
  return CancellationScope.cancellable(async () => {
    CancellationScope.current().cancel()
    try {
      await startChild(child, { args: ['wait'] })
    } catch (error) {
      return describedError(error)
    }
    return 'started'
  })
}

type ParentEnd = 'return' | 'fail' | 'continue' | 'wait'

/** Leaves a running child behind. */
export async function leavesChild(end: ParentEnd, parentClosePolicy?: keyof typeof ParentClosePolicy): Promise<string> {
  if (workflowInfo().continuedFromExecutionRunId !== undefined) return 'continued'
  await startChild(child, {
    args: ['tidy'], workflowId: `${workflowInfo().workflowId}-child`,
    ...(parentClosePolicy === undefined ? {} : { parentClosePolicy: ParentClosePolicy[parentClosePolicy] }),
  })
  if (end === 'fail') throw ApplicationFailure.create({ message: 'the parent fails' })
  if (end === 'continue') await continueAsNew<typeof leavesChild>(end, parentClosePolicy)
  if (end === 'wait') await condition(() => false)
  return 'left'
}

/** Does not wait for the start of its child. */
export async function startsAtItsEnd(parentClosePolicy: keyof typeof ParentClosePolicy): Promise<string> {
  void startChild(child, {
    args: ['return'], workflowId: `${workflowInfo().workflowId}-child`, parentClosePolicy: ParentClosePolicy[parentClosePolicy],
  })
  return 'gone'
}

/** Signals a child: at once, and when it has ended. */
export async function signals(): Promise<unknown> {
  const log: unknown[] = []
  const handle = await startChild(child, { args: ['words'], workflowId: `${workflowInfo().workflowId}-child` })
  log.push(handle.workflowId, typeof handle.firstExecutionRunId)
  await handle.signal(word, 'one')
  await handle.signal('word', 'two')
  log.push(await handle.result())
  try {
    await handle.signal(word, 'three')
  } catch (error) {
    log.push(describedError(error))
  }
  return log
}

/** A signal that is on its way when its scope is cancelled. */
export async function signalsInCancelledScope(): Promise<unknown> {
  const log: unknown[] = []
  const handle = await startChild(child, { args: ['wait'], workflowId: `${workflowInfo().workflowId}-child` })
  const scope = new CancellationScope()
  const running = scope.run(async () => {
    try {
      await handle.signal(word, 'one')
      log.push('signalled')
    } catch (error) {
      log.push(describedError(error))
    }
  })
  scope.cancel()
  await running
  try {
    await scope.run(() => handle.signal(word, 'two'))
    log.push('signalled')
  } catch (error) {
    log.push(describedError(error))
  }
  return log
}

/** A child that is cancelled from outside of its scope. */
export async function cancelledByHandle(how: How): Promise<unknown> {
  const workflowId = `${workflowInfo().workflowId}-child`
  const handle = await startChild(child, { args: [how], workflowId })
  await getExternalWorkflowHandle(workflowId).cancel()
  try {
    return { value: await handle.result() }
  } catch (error) {
    return { error: describedError(error), cancellation: isCancellation(error) }
  }
}

/** Order: start and result of a child that returns at once. */
export async function order(): Promise<readonly string[]> {
  const log: string[] = []
  const started = startChild(child, { args: ['return'] })
  void started.then(async (handle) => {
    log.push('started')
    await handle.result()
    log.push('result')
  })
  log.push('asked')
  await (await started).result()
  log.push('end')
  return log
}

/** Details of a failure that has none, as its parent reads them. */
export async function readsDetails(how: How): Promise<unknown> {
  try {
    return await executeChild(child, { args: [how], workflowId: `${workflowInfo().workflowId}-child` })
  } catch (error) {
    return { details: detailsUnder(error) }
  }
}
