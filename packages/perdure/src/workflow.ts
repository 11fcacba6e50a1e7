/**
 * What a workflow author imports: names and signatures of `@temporalio/workflow`.
 *
 * @example
 * import { proxyActivities } from 'perdure/workflow'
 */
export {
  ActivityCancellationType, ActivityFailure, ApplicationFailure, ApplicationFailureCategory, AsyncLocalStorage, CancelledFailure,
  CancellationScope, ChildWorkflowCancellationType, ChildWorkflowFailure, CompleteAsyncError, condition, defaultPayloadConverter,
  defineQuery, defineSearchAttributeKey, defineSignal, defineUpdate, defineWorkflowOptions, DeterminismViolationError,
  extractWorkflowType, extractWorkflowTypeAndConfig, HandlerUnfinishedPolicy, IllegalStateError, inWorkflowContext, isCancellation,
  LocalActivityDoBackoff, log, NamespaceNotFoundError, NotAnActivityMethod, ParentClosePolicy, PayloadConverterError, PerdureError,
  proxyActivities, RetryState, rootCause, scheduleActivity, SearchAttributeType, ServerFailure, setHandler, setWorkflowOptions, sleep,
  TemporalFailure, TerminatedFailure, TimeoutFailure, TimeoutType, Trigger, TypedSearchAttributes, uuid4, ValueError, VersioningBehavior,
  WorkflowError, WorkflowExecutionAlreadyStartedError, WorkflowIdConflictPolicy, WorkflowIdReusePolicy, workflowInfo, WorkflowNotFoundError,
} from '@perdure/workflow'
export type {
  ActivateInput, ActivityFunction, ActivityFunctionWithOptions, ActivityInput, ActivityInterface, ActivityInterfaceFor, ActivityOptions,
  ActivityProxyOptions, ApplicationFailureOptions, BaseWorkflowHandle, BaseWorkflowOptions, CancellationScopeOptions, ChildWorkflowHandle,
  ChildWorkflowOptions, ChildWorkflowOptionsWithDefaults, CommonWorkflowOptions, ConcludeActivationInput, ConcludeActivationOutput,
  ContinueAsNewInput, ContinueAsNewInputOptions, ContinueAsNewOptions, DefaultQueryHandler, DefaultSignalHandler, DefaultUpdateHandler,
  DisposeInput, Duration, EnhancedStackTrace, ExternalWorkflowHandle, GetLogAttributesInput, GetMetricTagsInput, Handler, Headers,
  LocalActivityFunctionWithOptions, LocalActivityInput, LocalActivityInterfaceFor, LocalActivityOptions, LocalActivityProxyOptions,
  LogAttributes, Metric, MetricCounter, MetricGauge, MetricHistogram, MetricKind, MetricMeter, MetricTags, Next, NumericMetricValueType,
  Payload, PayloadConverter, Priority, QueryDefinition, QueryHandlerOptions, QueryInput, RequiredChildWorkflowOptions, RetryPolicy,
  SearchAttributeKey, SearchAttributePair, SearchAttributes, SearchAttributeUpdatePair, SearchAttributeValue, SignalDefinition,
  SignalHandlerOptions, SignalInput, SignalWorkflowInput, StackTrace, StackTraceFileLocation, StackTraceFileSlice, StackTraceSDKInfo,
  StartChildWorkflowExecutionInput, TimerInput, TimerOptions, UntypedActivities, UpdateDefinition, UpdateHandlerOptions, UpdateInfo,
  UpdateInput, UpdateValidator, WithWorkflowArgs, Workflow, WorkflowDefinitionConfig, WorkflowDefinitionOptions,
  WorkflowDefinitionOptionsOrGetter, WorkflowDurationOptions, WorkflowExecuteInput, WorkflowFunctionWithOptions,
  WorkflowInboundCallsInterceptor, WorkflowInfo, WorkflowInteractionDefinition, WorkflowInterceptors, WorkflowInterceptorsFactory,
  WorkflowInternalsInterceptor, WorkflowLogger, WorkflowMetadata, WorkflowOutboundCallsInterceptor, WorkflowQueryOptions, WorkflowQueryType,
  WorkflowRandomStream, WorkflowResultType, WorkflowReturnType, WorkflowSignalOptions, WorkflowSignalType, WorkflowTypeOptions,
  WorkflowUpdateType, WorkflowUpdateValidatorType,
} from '@perdure/workflow'
