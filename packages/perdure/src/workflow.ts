/**
 * What a workflow author imports: names and signatures of `@temporalio/workflow`, those of `@temporalio/common` that go
 * with them, and Saga, Semaphore and mapConcurrently, which are ours.
 *
 * @example
 * import { proxyActivities } from 'perdure/workflow'
 */
export {
  ActivityCancellationType, ActivityFailure, allHandlersFinished, ApplicationFailure, ApplicationFailureCategory, AsyncLocalStorage,
  CancellationScope, CancelledFailure, ChildWorkflowCancellationType, ChildWorkflowFailure, CompleteAsyncError, condition, continueAsNew,
  ContinueAsNew, currentUpdateInfo, defaultPayloadConverter, defineQuery, defineSearchAttributeKey, defineSignal, defineUpdate,
  defineWorkflowOptions, deprecatePatch, DeterminismViolationError, encodingKeys, encodingTypes, enhancedStackTraceQuery, executeChild,
  extractWorkflowType, extractWorkflowTypeAndConfig, getCurrentDetails, getExternalWorkflowHandle, getRandomStream,
  HandlerUnfinishedPolicy, IllegalStateError, inWorkflowContext, isCancellation, LocalActivityDoBackoff, log, makeContinueAsNewFunc,
  mapConcurrently, METADATA_ENCODING_KEY, metricMeter, NamespaceNotFoundError, NotAnActivityMethod, ParentClosePolicy, patched,
  PayloadConverterError, PerdureError, proxyActivities, proxyLocalActivities, RetryState, rootCause, Saga, scheduleActivity,
  scheduleLocalActivity, SearchAttributeType, Semaphore, ServerFailure, setCurrentDetails, setDefaultQueryHandler,
  setDefaultSignalHandler, setDefaultUpdateHandler, setHandler, setWorkflowOptions, sleep, stackTraceQuery, startChild,
  SuggestContinueAsNewReason, TemporalFailure, TerminatedFailure, TimeoutFailure, TimeoutType, Trigger, TypedSearchAttributes, upsertMemo,
  upsertSearchAttributes, uuid4, ValueError, VersioningBehavior, WorkflowError, WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy, WorkflowIdReusePolicy, workflowInfo, workflowMetadataQuery, WorkflowNotFoundError, workflowRandom,
} from '@perdure/workflow'
export type {
  ActivateInput, ActivityFunction, ActivityFunctionWithOptions, ActivityInput, ActivityInterface, ActivityInterfaceFor, ActivityOptions,
  ActivityProxyOptions, ApplicationFailureOptions, BaseWorkflowHandle, BaseWorkflowOptions, CancellationScopeOptions, ChildWorkflowHandle,
  ChildWorkflowOptions, ChildWorkflowOptionsWithDefaults, CommonWorkflowOptions, CompensationOutcome, ConcludeActivationInput,
  ConcludeActivationOutput, ContinueAsNewInput, ContinueAsNewInputOptions, ContinueAsNewOptions, DefaultQueryHandler,
  DefaultSignalHandler, DefaultUpdateHandler, DisposeInput, Duration, EncodingType, EnhancedStackTrace, ExternalWorkflowHandle,
  GetLogAttributesInput, GetMetricTagsInput, Handler, Headers, LocalActivityFunctionWithOptions, LocalActivityInput,
  LocalActivityInterfaceFor, LocalActivityOptions, LocalActivityProxyOptions, LogAttributes, Metric, MetricCounter, MetricGauge,
  MetricHistogram, MetricKind, MetricMeter, MetricTags, Next, NumericMetricValueType, ParentWorkflowInfo, Payload, PayloadConverter,
  Priority, QueryDefinition, QueryHandlerOptions, QueryInput, RequiredChildWorkflowOptions, RetryPolicy, RootWorkflowInfo, SagaOptions,
  SearchAttributeKey, SearchAttributePair, SearchAttributes, SearchAttributeUpdatePair, SearchAttributeValue, SignalDefinition,
  SignalHandlerOptions, SignalInput, SignalWorkflowInput, StackTrace, StackTraceFileLocation, StackTraceFileSlice, StackTraceSDKInfo,
  StartChildWorkflowExecutionInput, TimerInput, TimerOptions, UnsafeWorkflowInfo, UntypedActivities, UpdateDefinition,
  UpdateHandlerOptions, UpdateInfo, UpdateInput, UpdateValidator, WithWorkflowArgs, Workflow, WorkflowDefinitionConfig,
  WorkflowDefinitionOptions, WorkflowDefinitionOptionsOrGetter, WorkflowDurationOptions, WorkflowExecuteInput,
  WorkflowFunctionWithOptions, WorkflowInboundCallsInterceptor, WorkflowInfo, WorkflowInteractionDefinition, WorkflowInterceptors,
  WorkflowInterceptorsFactory, WorkflowInternalsInterceptor, WorkflowLogger, WorkflowMetadata, WorkflowOutboundCallsInterceptor,
  WorkflowQueryOptions, WorkflowQueryType, WorkflowRandomStream, WorkflowResultType, WorkflowReturnType, WorkflowSignalOptions,
  WorkflowSignalType, WorkflowTypeOptions, WorkflowUpdateType, WorkflowUpdateValidatorType,
} from '@perdure/workflow'
