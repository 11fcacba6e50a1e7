/** Which child keeps an execution waiting because it is held itself: for descriptions, and for whoever waited too long. */
import type { WaitingChild } from '../execution/waits.ts'
import { childrenLookedAtMax } from '../limits.ts'
import { asRunId } from '../protocol/ids.ts'
import type { ClientParts } from './client-parts.ts'
import { readableSentence } from './readable-payload.ts'
import { lastOfChain } from './run-chain.ts'

/** Undefined: none of those that were looked at. */
export async function whichChildIsHeld(
  { store, namespace }: ClientParts, children: readonly WaitingChild[] = [],
): Promise<string | undefined> {
  for (const { runId, workflowId, workflowType } of children.slice(0, childrenLookedAtMax)) {
    const first = runId === null ? undefined : await store.getExecution(namespace, null, asRunId(runId))
    const child = first === undefined ? undefined : await lastOfChain(store, first)
    if (child?.status !== 'RUNNING' || child.held === null) continue
    const [reason = ''] = readableSentence(child.held.reason).split('\n')
    return `its child '${workflowType}' (${workflowId}) is held (${child.held.code}): ${reason}`
  }
  return undefined
}
