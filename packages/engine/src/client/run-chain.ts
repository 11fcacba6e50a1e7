/** Runs of one workflow id that follow each other: one that continued as new, or was retried, goes on in the next. */
import { listLimitMax } from '../limits.ts'
import type { Store } from '../ports/store.ts'
import type { ExecutionRecord } from '../protocol/execution-record.ts'
import { decodeStartDetails } from '../protocol/start-details.ts'

/** A run may follow this one. */
export function mayGoOn({ status, details }: ExecutionRecord): boolean {
  if (status === 'FAILED' || status === 'TIMED_OUT') return decodeStartDetails(details).retry !== undefined
  return status === 'CONTINUED_AS_NEW'
}

/** The open or last run of the chain; the run itself when none follows. */
export async function lastOfChain(store: Store, run: ExecutionRecord): Promise<ExecutionRecord> {
  if (!mayGoOn(run)) return run
  const newest = await store.getExecution(run.namespace, run.workflowId, null)
  if (newest?.firstRunId === run.firstRunId) return newest
  return await newestWhere(store, run, ({ firstRunId }) => firstRunId === run.firstRunId) ?? run
}

/** The run that came right after this one. */
export function nextOfChain(store: Store, run: ExecutionRecord): Promise<ExecutionRecord | undefined> {
  return newestWhere(store, run, ({ details }) => decodeStartDetails(details).continuedFrom === run.runId)
}

/** The workflow id may have been used again since, often. */
async function newestWhere(
  store: Store, { namespace, workflowId, startedAt }: ExecutionRecord, isMeant: (run: ExecutionRecord) => boolean,
): Promise<ExecutionRecord | undefined> {
  let after: { readonly startedAt: number; readonly runId: ExecutionRecord['runId'] } | null = null
  for (;;) {
    const page: readonly ExecutionRecord[] = await store.listExecutions({
      namespace, workflowId, startedFrom: startedAt, limit: listLimitMax, after,
    })
    const found = page.find(isMeant)
    const last = page.at(-1)
    if (found !== undefined || last === undefined || page.length < listLimitMax) return found
    after = { startedAt: last.startedAt, runId: last.runId }
  }
}
