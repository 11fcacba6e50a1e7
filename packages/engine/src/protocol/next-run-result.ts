/**
 * Of a run that goes on in another (continue as new, a retry of the workflow) the `result` column holds the run id of the next:
 * it has no result of its own.
 */
import { asRunId, isRunId, type RunId } from './ids.ts'
import type { ExecutionStatus } from './execution-record.ts'
import type { Payload } from './payload.ts'

export function nextRunResult(runId: RunId): Payload {
  return JSON.stringify(runId) as Payload
}

/** The run that a closed one goes on in. Undefined: it is the last. */
export function nextRunOf({ status, result }: { readonly status: ExecutionStatus; readonly result: Payload | null }): RunId | undefined {
  if (result === null || (status !== 'CONTINUED_AS_NEW' && status !== 'FAILED' && status !== 'TIMED_OUT')) return undefined
  const text = result.slice(1, -1)
  return isRunId(text) ? asRunId(text) : undefined
}
