/** From one level of a stored failure to an error of its class. */
import {
  ActivityFailure, ApplicationFailure, CancelledFailure, ChildWorkflowFailure, ServerFailure, TemporalFailure, TerminatedFailure,
  TimeoutFailure,
} from '@perdure/workflow'
import { given } from './failure-level.ts'
import type { StoredFailure } from './stored-failure.ts'
import { withoutFrames } from './user-stack.ts'

export function revivedFailure(failure: StoredFailure, cause: Error | undefined): TemporalFailure {
  // The stack is replaced at once; capturing it is nine tenths of the cost.
  const error = withoutFrames(() => instantiated(failure, cause))
  if (cause !== undefined && error.cause === undefined) {
    Object.defineProperty(error, 'cause', { value: cause, configurable: true, writable: true, enumerable: false })
  }
  error.stack = failure.stackTrace ?? ''
  return error
}

function instantiated(failure: StoredFailure, cause: Error | undefined): TemporalFailure {
  const { message } = failure
  switch (failure.kind) {
    case 'application':
      return new ApplicationFailure(
        message, failure.type, failure.nonRetryable ?? false, [...(failure.details ?? [])], cause,
        failure.nextRetryDelayMs, failure.category,
      )
    case 'cancelled':
      return new CancelledFailure(message, [...(failure.details ?? [])], cause)
    case 'timeout':
      return new TimeoutFailure(message, failure.lastHeartbeatDetails, failure.timeoutType ?? 'START_TO_CLOSE')
    case 'activity': {
      const { activityType = 'unknown', activityId, retryState = 'IN_PROGRESS', identity } = failure
      return new ActivityFailure(message, activityType, activityId, retryState, identity, cause)
    }
    case 'childWorkflow': {
      const { namespace, workflowId, runId, workflowType = 'unknown', retryState = 'IN_PROGRESS' } = failure
      return new ChildWorkflowFailure(namespace, given({ workflowId, runId }), workflowType, retryState, cause)
    }
    case 'terminated':
      return new TerminatedFailure(message, cause)
    case 'server':
      return new ServerFailure(message, failure.nonRetryable ?? false, cause)
    default:
      return new TemporalFailure(message, cause)
  }
}
