/**
 * Runs of one workflow id that follow each other: one that continued as new, or was retried, goes on in the next, and names it. Their
 * times say nothing of their order: each is of the clock of whoever started it.
 */
import type { Store } from '../ports/store.ts'
import type { ExecutionRecord } from '../protocol/execution-record.ts'
import { nextRunOf } from '../protocol/next-run-result.ts'

/** The open or last run of the chain, as far as it is in the database; the run itself when none follows. */
export async function lastOfChain(store: Store, run: ExecutionRecord): Promise<ExecutionRecord> {
  if (nextRunOf(run) === undefined) return run
  const newest = await store.getExecution(run.namespace, run.workflowId, null)
  let last = newest?.firstRunId === run.firstRunId ? newest : run
  for (let next = nextRunOf(last); next !== undefined; next = nextRunOf(last)) {
    const found = await store.getExecution(run.namespace, null, next)
    if (found === undefined) break
    last = found
  }
  return last
}
