/**
 * What a workflow author imports: names and signatures of `@temporalio/workflow`.
 *
 * @example
 * import { proxyActivities } from 'perdure/workflow'
 */
export {
  ActivityCancellationType, ActivityFailure, ApplicationFailure, ApplicationFailureCategory, CancelledFailure, CancellationScope,
  ChildWorkflowFailure, condition, defineQuery, defineSignal, DeterminismViolationError, inWorkflowContext, isCancellation, log,
  PerdureError, proxyActivities, RetryState, rootCause, ServerFailure, setHandler, sleep, TemporalFailure, TerminatedFailure,
  TimeoutFailure, TimeoutType, uuid4, workflowInfo,
} from '@perdure/workflow'
export type {
  ActivityFunction, ActivityFunctionWithOptions, ActivityInterfaceFor, ActivityOptions, ApplicationFailureOptions,
  CancellationScopeOptions, Duration, Handler, LogAttributes, QueryDefinition, RetryPolicy, SignalDefinition, UntypedActivities,
  WorkflowInfo, WorkflowLogger,
} from '@perdure/workflow'
