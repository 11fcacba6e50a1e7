/** From how an execution closed to what `result()` gives or throws. Pure. */
import {
  CancelledFailure, RetryState, TemporalFailure, TerminatedFailure, TimeoutFailure, TimeoutType,
} from '@perdure/workflow'
import type { ClosedExecution } from '../ports/store.ts'
import type { ExecutionStatus } from '../protocol/execution-record.ts'
import { decodeFailure, type FailureCodec } from '../protocol/failure-codec.ts'
import { isFinalFailure } from '../protocol/final-failure.ts'
import type { Millis } from '../protocol/ids.ts'
import type { StartDetails } from '../protocol/start-details.ts'
import { causesLine } from './causes-line.ts'
import { WorkflowFailedError } from './errors.ts'

interface Named {
  readonly workflowId: string
  readonly workflowType: string | undefined
}

/** @throws PayloadError PAYLOAD_UNREADABLE */
export function workflowFailed(
  closed: ClosedExecution, { workflowId, workflowType }: Named, retryState: RetryState, failures: FailureCodec,
): WorkflowFailedError {
  const cause = causeOf(closed, failures)
  const name = workflowType === undefined ? `'${workflowId}'` : `'${workflowType}' (${workflowId})`
  // It cancelled a scope of its own, and let that out.
  const isOwnDoing = closed.status === 'FAILED' && cause instanceof CancelledFailure
  const why = causesLine(cause) || (isOwnDoing ? 'cancelled by its own code' : '')
  const message = `Workflow ${name} ${endings[closed.status] ?? 'failed'}${why === '' ? '' : `: ${why}`}`
  return new WorkflowFailedError(message, cause, retryState, { workflowId, runId: closed.runId })
}

/** Why no further run follows one that failed or timed out. */
export function retryStateOf(closed: ClosedExecution, details: StartDetails, closedAt: Millis | null): RetryState {
  const { retry, attempt = 1, executionExpiresAt = Infinity } = details
  const isOver = closedAt !== null && closedAt >= executionExpiresAt
  if (retry === undefined) return closed.status === 'TIMED_OUT' && isOver ? RetryState.TIMEOUT : RetryState.RETRY_POLICY_NOT_SET
  const failure = closed.failure === null ? undefined : decodeFailure(closed.failure)
  if (failure !== undefined && isFinalFailure(failure, retry.nonRetryableErrorTypes)) return RetryState.NON_RETRYABLE_FAILURE
  if (retry.maximumAttempts > 0 && attempt >= retry.maximumAttempts) return RetryState.MAXIMUM_ATTEMPTS_REACHED
  return RetryState.TIMEOUT
}

const endings: Readonly<Partial<Record<ExecutionStatus, string>>> = {
  CANCELLED: 'was cancelled', TERMINATED: 'was terminated', TIMED_OUT: 'timed out', CONTINUED_AS_NEW: 'continued as new',
}

function causeOf({ status, failure }: ClosedExecution, failures: FailureCodec): Error {
  const stored = failure === null ? undefined : failures.decode(failure)
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
