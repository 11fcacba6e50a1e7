import { executeChild, makeContinueAsNewFunc, proxyActivities, upsertMemo, workflowInfo } from 'perdure/workflow'
import type * as activities from '../activities/steps.ts'

const { greet } = proxyActivities<typeof activities>({ startToCloseTimeout: '1 minute' })

const amountNow = (): bigint => workflowInfo().memo?.['amount'] as bigint

export async function amountInMemo(): Promise<string> {
  return String(amountNow())
}

/** Every way that a memo can go: to a child, to itself after a change, to the next run. */
export async function passesMemoOn(found: readonly string[] = []): Promise<readonly string[]> {
  if (found.length > 0) return [...found, String(amountNow())]
  const amount = amountNow()
  upsertMemo({ amount: amount + 1n, note: 'changed' })
  const childAmount = await executeChild(amountInMemo, { memo: { amount: amount + 10n } })
  await greet('you')
  const again = makeContinueAsNewFunc<typeof passesMemoOn>({ memo: { amount: amount + 100n } })
  return again([String(amount), childAmount, String(amountNow())])
}
