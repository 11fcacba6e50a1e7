export { ActivityCancellationType } from './activity-options.ts'
export type { ActivityOptions, RetryPolicy } from './activity-options.ts'
export { DeterminismViolationError } from './determinism-violation.ts'
export type { Duration } from './duration.ts'
export { ApplicationFailureCategory, RetryState, TimeoutType } from './failure-kinds.ts'
export {
  ActivityFailure, ApplicationFailure, CancelledFailure, ChildWorkflowFailure, isCancellation, rootCause, ServerFailure, TemporalFailure,
  TerminatedFailure, TimeoutFailure,
} from './failure.ts'
export type { ApplicationFailureOptions } from './failure.ts'
export { PerdureError } from './perdure-error.ts'
export type { WorkflowInfo } from './workflow-info.ts'
