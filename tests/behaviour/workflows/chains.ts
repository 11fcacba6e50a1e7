import {
  ApplicationFailure, condition, continueAsNew, defineSignal, executeChild, getExternalWorkflowHandle, setHandler, sleep, upsertMemo,
  upsertSearchAttributes, workflowInfo,
} from 'perdure/workflow'

/** Waits for a child of any type. */
export async function waitsForChild(workflowType: string, workflowId: string): Promise<void> {
  await executeChild(workflowType, { workflowId, args: [] })
}

export async function cancelsOther(workflowId: string, runId?: string): Promise<string> {
  await getExternalWorkflowHandle(workflowId, runId).cancel()
  return 'cancelled'
}

export const goOnChain = defineSignal('goOnChain')
export const endChain = defineSignal('endChain')

/** Goes on as new whenever it is told to, until it is told to end; how many runs there were. */
export async function waitingChain(runs = 1): Promise<number> {
  let told: 'go on' | 'end' | undefined
  setHandler(goOnChain, () => {
    told = 'go on'
  })
  setHandler(endChain, () => {
    told = 'end'
  })
  await condition(() => told !== undefined)
  if (told === 'go on') await continueAsNew<typeof waitingChain>(runs + 1)
  return runs
}

/** Goes on as new so often; the first run's id. */
export async function countdown(left: number): Promise<string> {
  if (left > 0) await continueAsNew<typeof countdown>(left - 1)
  return workflowInfo().firstExecutionRunId
}

export const collect = defineSignal<[number]>('collect')

/** Goes on as new with what it has heard, as soon as it has heard something; ends when it has heard enough. */
export async function collecting(wanted: number, had: readonly number[] = []): Promise<readonly number[]> {
  const heard = [...had]
  setHandler(collect, (value) => {
    heard.push(value)
  })
  await condition(() => heard.length > had.length || heard.length >= wanted)
  if (heard.length < wanted) await continueAsNew<typeof collecting>(wanted, heard)
  return heard
}

/** Fails once, after it has changed what it shows, in the same turn or an earlier one; then tells what it began with. */
export async function changesAndFails(pauseMs: number): Promise<unknown> {
  const { attempt, memo, searchAttributes } = workflowInfo()
  if (attempt > 1) return { memo, searchAttributes }
  upsertMemo({ step: 2, more: true })
  upsertSearchAttributes({ Step: ['2'] })
  if (pauseMs > 0) await sleep(pauseMs)
  throw ApplicationFailure.create({ message: 'once' })
}
