/** After which failures of a workflow no retry follows, whatever attempts are left: a Temporal server's rule. Pure. */
import {
  ApplicationFailure, CancelledFailure, ServerFailure, TemporalFailure, TerminatedFailure, TimeoutFailure,
} from '@perdure/workflow'
import { isError, thrownType } from '@perdure/workflow/host'
import { timeoutFailureType } from './retry.ts'

/** @param types the nonRetryableErrorTypes of the retry policy */
export function isFinalFailure(failure: unknown, types: readonly string[]): boolean {
  if (failure instanceof TerminatedFailure || failure instanceof CancelledFailure) return true
  if (failure instanceof TimeoutFailure) {
    const type = timeoutFailureType(failure.timeoutType)
    return type === null || types.includes(type)
  }
  if (failure instanceof ServerFailure) return failure.nonRetryable
  if (failure instanceof ApplicationFailure) return failure.nonRetryable === true || types.includes(failure.type ?? '')
  // An ActivityFailure or a ChildWorkflowFailure is of no type there.
  if (failure instanceof TemporalFailure) return false
  return isError(failure) && types.includes(thrownType(failure) ?? '')
}
