/** Replays every execution of a store against the code that made it. */
import { NondeterminismError, PerdureError, replayCold, type ExecutionRecord, type Registry, type RunId, type Store } from '@perdure/engine'

const pageSize = 100

/** What stands around the code of workflows, and what its values go through. */
type Code = Parameters<typeof replayCold>[3]

/**
 * @param isWanted which executions; default: all
 * @throws PerdureError NONDETERMINISM, with the first difference; the NondeterminismError is its cause
 */
export async function checkReplays(
  store: Store, namespace: string, registry: Registry, code?: Code,
  isWanted: (runId: RunId) => boolean = () => true,
): Promise<void> {
  for await (const record of executionsOf(store, namespace)) {
    const fn = registry.workflow(record.workflowType)
    if (fn === undefined || !isWanted(record.runId)) continue
    try {
      await replayCold(store, record, fn, code)
    } catch (error) {
      const { workflowType, workflowId, runId } = record
      const reason = error instanceof NondeterminismError ? differenceOf(error) : String(error)
      const which = `Workflow '${workflowType}' (execution '${workflowId}', run ${runId})`
      const problem = `${which} does something else when its history is replayed from cold, as after a crash:\n${reason}`
      throw new PerdureError('NONDETERMINISM', problem, { cause: error })
    }
  }
}

/** Its remedy is for code that was changed; here it is the same. */
function differenceOf({ mismatch }: NondeterminismError): string {
  const { seq, expected, got, location } = mismatch
  const place = location === undefined ? '' : `\n  at        ${location}`
  return `  at event  ${seq}\n  expected  ${expected}\n  got       ${got}${place}\n`
    + '  What a workflow does may follow only from its arguments, its history and what perdure/workflow gives it: no module-level state, '
    + 'no environment, nothing read from outside.'
}

async function* executionsOf(store: Store, namespace: string): AsyncIterable<ExecutionRecord> {
  for (let after: { readonly startedAt: number; readonly runId: ExecutionRecord['runId'] } | null = null; ;) {
    const page: readonly ExecutionRecord[] = await store.listExecutions({ namespace, limit: pageSize, after })
    for (const { workflowId, runId } of page) {
      const record = await store.getExecution(namespace, workflowId, runId)
      if (record !== undefined) yield record
    }
    const last = page.at(-1)
    if (page.length < pageSize || last === undefined) return
    after = last
  }
}
