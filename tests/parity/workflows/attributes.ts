import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common'
import {
  ApplicationFailure, condition, defineSignal, setCurrentDetails, getCurrentDetails, setHandler, sleep, upsertMemo, upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow'

export const go = defineSignal('go')
const keyword = defineSearchAttributeKey('ParityKeyword', SearchAttributeType.KEYWORD)
const int = defineSearchAttributeKey('ParityInt', SearchAttributeType.INT)
const list = defineSearchAttributeKey('ParityList', SearchAttributeType.KEYWORD_LIST)
const date = defineSearchAttributeKey('ParityDate', SearchAttributeType.DATETIME)

/** What it knows of its memo, before and after each change. */
export async function memo(changes: readonly Record<string, unknown>[]): Promise<unknown> {
  const log: unknown[] = [workflowInfo().memo ?? null]
  for (const change of changes) {
    upsertMemo(change)
    log.push(workflowInfo().memo ?? null)
  }
  await sleep(1)
  log.push(workflowInfo().memo ?? null)
  return log
}

/** Search attributes in their old form. */
export async function plainAttributes(): Promise<unknown> {
  const log: unknown[] = [{ ...workflowInfo().searchAttributes }]
  upsertSearchAttributes({ ParityKeyword: ['changed'], ParityInt: [2] })
  log.push({ ...workflowInfo().searchAttributes })
  upsertSearchAttributes({ ParityInt: [] })
  log.push({ ...workflowInfo().searchAttributes })
  await sleep(1)
  log.push({ ...workflowInfo().searchAttributes })
  return log
}

/** Search attributes with types. */
export async function typedAttributes(): Promise<unknown> {
  const { typedSearchAttributes } = workflowInfo()
  const log: unknown[] = [typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]).sort(byName)]
  upsertSearchAttributes([
    { key: keyword, value: 'typed' }, { key: int, value: 7 }, { key: list, value: ['a', 'b'] }, { key: date, value: new Date(0) },
  ])
  log.push(workflowInfo().typedSearchAttributes.get(int), workflowInfo().typedSearchAttributes.get(date))
  upsertSearchAttributes([{ key: int, value: null }])
  log.push(workflowInfo().typedSearchAttributes.get(int) ?? null)
  await sleep(1)
  log.push(workflowInfo().typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]).sort(byName))
  return log
}

function byName([one]: readonly unknown[], [other]: readonly unknown[]): number {
  return String(one) < String(other) ? -1 : 1
}

export async function details(): Promise<unknown> {
  const before = getCurrentDetails()
  setCurrentDetails('**on its way**')
  await sleep(1)
  return [before, getCurrentDetails()]
}

export async function waits(): Promise<void> {
  let going = false
  setHandler(go, () => { going = true })
  await condition(() => going)
}

/** Changes what it shows, and fails; tried again, it gives what it began with. */
export async function changesAndFails(how: 'at once' | 'later' | 'too late'): Promise<unknown> {
  const { attempt, memo: begun, searchAttributes } = workflowInfo()
  if (attempt > 1) return { memo: begun ?? null, searchAttributes: { ...searchAttributes } }
  upsertMemo({ a: 2, more: true })
  upsertSearchAttributes({ ParityKeyword: ['changed'], ParityInt: [2] })
  if (how === 'later') await sleep(1)
  if (how === 'too late') await condition(() => false)
  throw ApplicationFailure.create({ message: 'once' })
}
