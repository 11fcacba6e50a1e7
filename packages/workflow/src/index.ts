export { ActivityCancellationType } from './activity-options.ts'
export type { ActivityOptions, LocalActivityOptions, RetryPolicy } from './activity-options.ts'
export { NotAnActivityMethod, proxyActivities, proxyLocalActivities, scheduleActivity, scheduleLocalActivity } from './activity-proxy.ts'
export type {
  ActivityFunction, ActivityFunctionWithOptions, ActivityInterface, ActivityInterfaceFor, ActivityProxyOptions,
  LocalActivityFunctionWithOptions, LocalActivityInterfaceFor, LocalActivityProxyOptions, UntypedActivities,
} from './activity-proxy.ts'
export { AsyncLocalStorage } from './async-local-storage.ts'
export { CancellationScope } from './cancellation-scope.ts'
export type { CancellationScopeOptions } from './cancellation-scope.ts'
export { ChildWorkflowCancellationType, ParentClosePolicy } from './child-workflow-options.ts'
export type {
  ChildWorkflowOptions, ChildWorkflowOptionsWithDefaults, RequiredChildWorkflowOptions,
} from './child-workflow-options.ts'
export { executeChild, startChild } from './child-workflow.ts'
export type { BaseWorkflowHandle, ChildWorkflowHandle, WorkflowQueryOptions, WorkflowSignalOptions } from './child-workflow.ts'
export { condition } from './condition.ts'
export type { ContinueAsNewOptions } from './continue-as-new-options.ts'
export { ContinueAsNew, continueAsNew, makeContinueAsNewFunc } from './continue-as-new.ts'
export { DeterminismViolationError } from './determinism-violation.ts'
export type { Duration } from './duration.ts'
export { getExternalWorkflowHandle } from './external-workflow.ts'
export type { ExternalWorkflowHandle } from './external-workflow.ts'
export { ApplicationFailureCategory, RetryState, TimeoutType } from './failure-kinds.ts'
export {
  ActivityFailure, ApplicationFailure, CancelledFailure, ChildWorkflowFailure, isCancellation, rootCause, ServerFailure, TemporalFailure,
  TerminatedFailure, TimeoutFailure, WorkflowExecutionAlreadyStartedError,
} from './failure.ts'
export type { ApplicationFailureOptions } from './failure.ts'
export type {
  ActivateInput, ActivityInput, ConcludeActivationInput, ConcludeActivationOutput, ContinueAsNewInput, ContinueAsNewInputOptions,
  DisposeInput, GetLogAttributesInput, GetMetricTagsInput, LocalActivityInput, Next, QueryInput, SignalInput, SignalWorkflowInput,
  StartChildWorkflowExecutionInput, TimerInput, TimerOptions, UpdateInput, WorkflowExecuteInput, WorkflowInboundCallsInterceptor,
  WorkflowInterceptors, WorkflowInterceptorsFactory, WorkflowInternalsInterceptor, WorkflowOutboundCallsInterceptor,
} from './interceptors.ts'
export { defineQuery, defineSignal, defineUpdate, HandlerUnfinishedPolicy } from './message-definition.ts'
export type {
  DefaultQueryHandler, DefaultSignalHandler, DefaultUpdateHandler, QueryDefinition, SignalDefinition, UpdateDefinition,
} from './message-definition.ts'
export {
  allHandlersFinished, currentUpdateInfo, setDefaultQueryHandler, setDefaultSignalHandler, setDefaultUpdateHandler, setHandler,
} from './message-handler.ts'
export type { Handler, QueryHandlerOptions, SignalHandlerOptions, UpdateHandlerOptions, UpdateValidator } from './message-handler.ts'
export { mapConcurrently } from './map-concurrently.ts'
export { metricMeter } from './metric-meter.ts'
export type {
  Metric, MetricCounter, MetricGauge, MetricHistogram, MetricKind, MetricMeter, MetricTags, NumericMetricValueType,
} from './metric.ts'
export { defaultPayloadConverter } from './payload.ts'
export { encodingKeys, encodingTypes, METADATA_ENCODING_KEY } from './payload-encodings.ts'
export type { EncodingType } from './payload-encodings.ts'
export type { Headers, Payload, PayloadConverter } from './payload.ts'
export { PerdureError } from './perdure-error.ts'
export {
  CompleteAsyncError, IllegalStateError, LocalActivityDoBackoff, NamespaceNotFoundError, PayloadConverterError, ValueError, WorkflowError,
  WorkflowNotFoundError,
} from './platform-error.ts'
export { getRandomStream, workflowRandom } from './random-stream.ts'
export type { WorkflowRandomStream } from './random-stream.ts'
export { Saga } from './saga.ts'
export type { CompensationOutcome, SagaOptions } from './saga.ts'
export { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from './search-attributes.ts'
export type {
  SearchAttributeKey, SearchAttributePair, SearchAttributes, SearchAttributeUpdatePair, SearchAttributeValue,
} from './search-attributes.ts'
export { Semaphore } from './semaphore.ts'
export { enhancedStackTraceQuery, stackTraceQuery, workflowMetadataQuery } from './stack-trace.ts'
export type {
  EnhancedStackTrace, StackTrace, StackTraceFileLocation, StackTraceFileSlice, StackTraceSDKInfo, WorkflowInteractionDefinition,
  WorkflowMetadata,
} from './stack-trace.ts'
export { Trigger } from './trigger.ts'
export type { UpdateInfo } from './update-context.ts'
export {
  defineWorkflowOptions, extractWorkflowType, extractWorkflowTypeAndConfig, setWorkflowOptions, VersioningBehavior,
} from './workflow-definition.ts'
export type {
  WithWorkflowArgs, Workflow, WorkflowDefinitionConfig, WorkflowDefinitionOptions,
  WorkflowDefinitionOptionsOrGetter, WorkflowFunctionWithOptions, WorkflowQueryType, WorkflowResultType, WorkflowReturnType,
  WorkflowSignalType, WorkflowTypeOptions, WorkflowUpdateType, WorkflowUpdateValidatorType,
} from './workflow-definition.ts'
export {
  deprecatePatch, getCurrentDetails, inWorkflowContext, log, patched, setCurrentDetails, sleep, upsertMemo, upsertSearchAttributes, uuid4,
  workflowInfo,
} from './workflow-functions.ts'
export type { LogAttributes, WorkflowLogger } from './workflow-functions.ts'
export { SuggestContinueAsNewReason } from './workflow-info.ts'
export type { ParentWorkflowInfo, RootWorkflowInfo, UnsafeWorkflowInfo, WorkflowInfo } from './workflow-info.ts'
export { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from './workflow-options.ts'
export type { BaseWorkflowOptions, CommonWorkflowOptions, WorkflowDurationOptions } from './workflow-options.ts'
export type { Priority } from './workflow-priority.ts'
