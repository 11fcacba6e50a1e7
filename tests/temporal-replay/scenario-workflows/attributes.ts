import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common'
import {
  condition, defineSignal, setCurrentDetails, getCurrentDetails, setHandler, sleep, upsertMemo, upsertSearchAttributes, workflowInfo,
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
  const log: unknown[] = [typedSearchAttributes.getAll().map(({ key, value }) => [key.name, key.type, value])]
  upsertSearchAttributes([
    { key: keyword, value: 'typed' }, { key: int, value: 7 }, { key: list, value: ['a', 'b'] }, { key: date, value: new Date(0) },
  ])
  log.push(workflowInfo().typedSearchAttributes.get(int), workflowInfo().typedSearchAttributes.get(date))
  upsertSearchAttributes([{ key: int, value: null }])
  log.push(workflowInfo().typedSearchAttributes.get(int) ?? null)
  await sleep(1)
  log.push(workflowInfo().typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]))
  return log
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
