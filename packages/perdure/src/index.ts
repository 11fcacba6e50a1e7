/**
 * Durable workflows for TypeScript.
 *
 * @example
 * const engine = await Engine.open({ database: 'orders.db' })
 * engine.workflows.register(workflows)
 * engine.activities.register(activities)
 * await engine.start()
 * const result = await engine.workflows.execute(workflows.orderProcessing, { workflowId: 'order-7', args: [order] })
 * await engine.stop()
 */
import './deterministic-globals.ts'

export { Engine } from './engine.ts'
export type { DataConverter, EngineOptions, FromConfigOptions, Interceptors, QueueOptions, WorkerOptions } from './engine-options.ts'
export { ConfigurationError } from './config/configuration-error.ts'
export type { EngineHealth } from './health.ts'
export type { Activities, FunctionModule, Workflows } from './registration.ts'
export {
  ActivityCancelledError, ActivityCompletionError, ActivityNotFoundError, BinaryPayloadConverter, CompositePayloadConverter,
  defaultDataConverter, DefaultFailureConverter, defaultFailureConverter, executionStatuses, JsonPayloadConverter, PerdureError,
  QueryNotRegisteredError, QueryRejectedError, QueryTimedOutError, ResultTimeoutError, SchemaMissingError, SchemaTooNewError,
  SchemaTooOldError, StoreBusyError, StoreCorruptError, StoreOutcomeUnknownError, StoreReadOnlyError, StoreRejectedError,
  StoreUnavailableError, UndefinedPayloadConverter, WithStartWorkflowOperation, WorkflowContinuedAsNewError,
  WorkflowExecutionAlreadyStartedError, WorkflowFailedError, WorkflowNotFoundError, WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@perdure/engine'
export type {
  ActivityExecuteInput, ActivityInboundCallsInterceptor, ActivityInterceptors, ActivityInterceptorsFactory,
  ActivityOutboundCallsInterceptor, ActivityTarget, CurrentWorkflowHandle, DefaultEncodedFailureAttributes,
  DefaultFailureConverterOptions, ExecuteSettings, ExecutionDescription, ExecutionPage, ExecutionStatus, ExecutionSummary,
  FailureConverter, GetHandleOptions, HeldDescription, HistoryEventView, IdConflictPolicy, IdReusePolicy, ListFilter, ListOptions, Logger,
  NamespaceClient, NamespaceDescription, NamespaceOptions, Notifier, PayloadCodec, PayloadConverterWithEncoding, PendingActivity,
  PendingChild, PendingTimer, ProtoDuration, ProtoFailure, ProtoPayloads, QueryRejectCondition, QueueLimits, ResultOptions,
  ScheduledStartOptions, SignaledWorkflowHandle, SignalWithStartOptions, StartedWorkflowHandle, StartManyOutcome, StartOptions,
  StartSettings, StatusFilter, StopOptions, Store, TaskQueueClient, TaskQueueDescription, TaskQueueLimits, UntypedWorkflow, UpdateOptions,
  UpdateResultOptions, UpdateWithStartOptions, WaitingActivityType, WorkerClient, WorkerDescription, WorkflowCancelInput, WorkflowClient,
  WorkflowClientInterceptor, WorkflowDescribeInput, WorkflowHandle, WorkflowQueryInput, WorkflowResult, WorkflowSignalInput,
  WorkflowSignalWithStartInput, WorkflowStartInput, WorkflowStartOutput, WorkflowStartUpdateInput, WorkflowStartUpdateOutput,
  WorkflowStartUpdateWithStartInput, WorkflowStartUpdateWithStartOutput, WorkflowStatus, WorkflowTerminateInput, WorkflowUpdateHandle,
} from '@perdure/engine'
// What @temporalio/client and @temporalio/common export, and perdure/workflow has as well.
export {
  ActivityCancellationType, ActivityFailure, ApplicationFailure, ApplicationFailureCategory, CancelledFailure, ChildWorkflowFailure,
  CompleteAsyncError, defaultPayloadConverter, defineSearchAttributeKey, DeterminismViolationError, encodingKeys, encodingTypes,
  extractWorkflowType, extractWorkflowTypeAndConfig, HandlerUnfinishedPolicy, IllegalStateError, isCancellation, METADATA_ENCODING_KEY,
  NamespaceNotFoundError, PayloadConverterError, RetryState, rootCause, SearchAttributeType, ServerFailure, SuggestContinueAsNewReason,
  TemporalFailure, TerminatedFailure, TimeoutFailure, TimeoutType, TypedSearchAttributes, ValueError, VersioningBehavior,
  WorkflowIdConflictPolicy, WorkflowIdReusePolicy,
} from '@perdure/workflow'
export type {
  ActivityFunction, ActivityFunctionWithOptions, ActivityInterface, ActivityOptions, ApplicationFailureOptions, BaseWorkflowHandle,
  BaseWorkflowOptions, CommonWorkflowOptions, Duration, EncodingType, Headers, LocalActivityOptions, Metric, MetricCounter, MetricGauge,
  MetricHistogram, MetricKind, MetricMeter, MetricTags, Next, NumericMetricValueType, Payload, PayloadConverter, Priority,
  QueryDefinition, RetryPolicy, SearchAttributePair, SearchAttributes, SearchAttributeUpdatePair, SearchAttributeValue, SignalDefinition,
  UntypedActivities, UpdateDefinition, WithWorkflowArgs, Workflow, WorkflowDefinitionConfig, WorkflowDefinitionOptions,
  WorkflowDefinitionOptionsOrGetter, WorkflowDurationOptions, WorkflowFunctionWithOptions, WorkflowQueryOptions, WorkflowQueryType,
  WorkflowResultType, WorkflowReturnType, WorkflowSignalOptions, WorkflowSignalType, WorkflowTypeOptions, WorkflowUpdateType,
  WorkflowUpdateValidatorType,
} from '@perdure/workflow'
export { ActivityCancellationDetails } from '@perdure/workflow/activity'
export type { ActivityCancellationDetailsOptions, ActivityDefinitionOptions } from '@perdure/workflow/activity'
