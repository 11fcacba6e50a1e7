/** From how an execution closed to what `result()` gives or throws. */
import { CancelledFailure, RetryState, TemporalFailure, TerminatedFailure, TimeoutFailure, TimeoutType } from '@perdure/workflow'
import type { ClosedExecution } from '../ports/store.ts'
import type { ExecutionStatus } from '../protocol/execution-record.ts'
import { decodeFailure } from '../protocol/failure-codec.ts'
import { decodePayload } from '../protocol/payload-codec.ts'
import { emptyPayload } from '../protocol/payload.ts'
import { causesLine } from './causes-line.ts'
import { WorkflowFailedError } from './errors.ts'

interface Named {
  readonly workflowId: string
  readonly workflowType: string | undefined
}

/** @throws WorkflowFailedError unless it completed */
export function resultOf(closed: ClosedExecution, { workflowId, workflowType }: Named): unknown {
  if (closed.status === 'COMPLETED') return decodePayload(closed.result ?? emptyPayload)
  const cause = causeOf(closed)
  const name = workflowType === undefined ? `'${workflowId}'` : `'${workflowType}' (${workflowId})`
  const why = causesLine(cause)
  const message = `Workflow ${name} ${endings[closed.status] ?? 'failed'}${why === '' ? '' : `: ${why}`}`
  const retryState = closed.status === 'FAILED' ? RetryState.RETRY_POLICY_NOT_SET : RetryState.NON_RETRYABLE_FAILURE
  throw new WorkflowFailedError(message, cause, retryState, { workflowId, runId: closed.runId })
}

const endings: Readonly<Partial<Record<ExecutionStatus, string>>> = {
  CANCELLED: 'was cancelled', TERMINATED: 'was terminated', TIMED_OUT: 'timed out', CONTINUED_AS_NEW: 'continued as new',
}

function causeOf({ status, failure }: ClosedExecution): TemporalFailure {
  const stored = failure === null ? undefined : decodeFailure(failure)
  switch (status) {
    case 'CANCELLED':
      return stored instanceof CancelledFailure ? stored : new CancelledFailure('Workflow canceled', [], stored)
    case 'TERMINATED':
      return stored instanceof TerminatedFailure ? stored : new TerminatedFailure(stored?.message ?? 'Workflow execution terminated')
    case 'TIMED_OUT':
      return stored ?? new TimeoutFailure('Workflow execution timed out', undefined, TimeoutType.START_TO_CLOSE)
    default:
      return stored ?? new TemporalFailure('no failure was recorded')
  }
}
