export {
  ActivityCancelledError, ActivityCompletionError, ActivityNotFoundError, createActivityCompletionClient,
} from './client/activity-completion.ts'
export type { ActivityCompletionClient, ActivityTarget, FullActivityId } from './client/activity-completion.ts'
export type { ClientParts, RegisteredWorkflows } from './client/client-parts.ts'
export type {
  ExecutionDescription, ExecutionSummary, HeldDescription, PendingActivity, PendingChild, PendingTimer, RelatedExecution,
  WorkflowRetryPolicy, WorkflowStatus, WorkflowTimeouts,
} from './client/description.ts'
export {
  QueryNotRegisteredError, QueryRejectedError, QueryTimedOutError, ResultTimeoutError, WorkflowContinuedAsNewError,
  WorkflowExecutionAlreadyStartedError, WorkflowFailedError, WorkflowNotFoundError, WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from './client/errors.ts'
export type { ListFilter, ListOptions, StatusFilter } from './client/execution-list.ts'
export { idBytesMax, idCharactersMax } from '@perdure/workflow/host'
export { checkedId } from './client/given-options.ts'
export type { HistoryEventView } from './client/history-view.ts'
export type {
  InterceptedExecution, InterceptedStartOptions, QueryRejectCondition, WorkflowCancelInput, WorkflowClientInterceptor,
  WorkflowDescribeInput, WorkflowQueryInput, WorkflowSignalInput, WorkflowSignalWithStartInput, WorkflowStartInput, WorkflowStartOutput,
  WorkflowStartUpdateInput, WorkflowStartUpdateOutput, WorkflowStartUpdateWithStartInput, WorkflowStartUpdateWithStartOutput,
  WorkflowTerminateInput,
} from './client/client-interceptors.ts'
export type { LocalWorker } from './client/local-worker.ts'
export type { StartManyOutcome } from './client/many-starts.ts'
export type {
  AnyStartOptions, ExecuteSettings, ScheduledStartOptions, StartOptions, StartSettings, UntypedWorkflow, WorkflowWithoutArguments,
} from './client/start-options.ts'
export { createNamespaceClient, defaultNamespace, requireNamespace } from './client/namespaces.ts'
export type { NamespaceClient, NamespaceDescription, NamespaceOptions } from './client/namespaces.ts'
export { createWorkflowClient } from './client/store-client.ts'
export { createTaskQueueClient } from './client/task-queues.ts'
export type { TaskQueueClient, TaskQueueDescription, TaskQueueLimits, WaitingActivityType } from './client/task-queues.ts'
export type { UpdateOptions, UpdateResultOptions, WorkflowUpdateHandle } from './client/update-options.ts'
export type { AwaitedStage } from './client/update-waiters.ts'
export { WithStartWorkflowOperation } from './client/with-start.ts'
export type {
  ConnectedClient, ExecutionPage, GetHandleOptions, SignalWithStartOptions, StopOptions, UpdateWithStartOptions, WorkflowClient,
} from './client/workflow-client.ts'
export type {
  CurrentWorkflowHandle, ResultOptions, SignaledWorkflowHandle, StartedWorkflowHandle, WorkflowHandle, WorkflowResult,
} from './client/workflow-handle.ts'
export { createWorkerClient } from './client/workers.ts'
export type { WorkerClient, WorkerDescription } from './client/workers.ts'
export { codedStore } from './conversion/coded-store.ts'
export { DefaultFailureConverter, defaultDataConverter, defaultFailureConverter } from './conversion/failure-converter.ts'
export type {
  DefaultEncodedFailureAttributes, DefaultFailureConverterOptions, FailureConverter,
} from './conversion/failure-converter.ts'
export { encodedPayload } from './conversion/payload-codec.ts'
export {
  BinaryPayloadConverter, CompositePayloadConverter, JsonPayloadConverter, UndefinedPayloadConverter,
} from './conversion/payload-converters.ts'
export type { PayloadConverterWithEncoding } from './conversion/payload-converters.ts'
export type { ProtoDuration, ProtoFailure, ProtoPayloads } from './conversion/proto-failure.ts'
export { valuesOf } from './conversion/value-converter.ts'
export type { ValueConverter } from './conversion/value-converter.ts'
export type { EncodedPayload, PayloadCodec } from './conversion/payload-codec.ts'
export { installDeterministicGlobals } from './determinism/globals.ts'
export { PerdureError } from './error.ts'
export { NondeterminismError } from './execution/nondeterminism-error.ts'
export type { Mismatch } from './execution/nondeterminism-error.ts'
export {
  batchBytesMax, batchTransitionsMax, historyBytesMax, historyEventsMax, historyEventsSuggested, leaseMs, lockTimeoutMs,
  mainStalledMs, payloadBytesMax, payloadBytesWarn, queueCountMax, queueRateMax, queueRateMin,
  takeoversMax, takeoversSuspect, takeoverWindowMs, tickMs,
} from './limits.ts'
export type { Measurement } from './execution/command.ts'
export type { Clock } from './ports/clock.ts'
export type { IdSource } from './ports/id-source.ts'
export { listenerWarning } from './ports/listener-warning.ts'
export type { Logger } from './ports/logger.ts'
export type { Notifier } from './ports/notifier.ts'
export { createSystemClock } from './ports/system-clock.ts'
export type { TimeSource } from './ports/system-clock.ts'
export {
  SchemaMissingError, SchemaTooNewError, SchemaTooOldError, StoreBusyError, StoreCorruptError, StoreOutcomeUnknownError,
  StoreReadOnlyError, StoreRejectedError, StoreUnavailableError,
} from './ports/store-error.ts'
export type {
  BeatOutcome, ClaimedExecution, ClaimedTasks, ClaimRequest, ClosedExecution, ExecutionFilter, LeaseKeeper, ListRequest, Look, OverduePlace,
  QueryAsked, QueryReply, QueuedActivityType, QueueDescription, Serving, Store, Suspect, TaskBeat, TerminateOutcome, TerminateRequest,
  UpdateKey, UpdateRequest, UpdateRequestOutcome, UpdateState, WorkerRecord, WorkerRegistration,
} from './ports/store.ts'
export type { ActivityTask, TaskEnd, TaskPost, TaskRetry } from './protocol/activity-task.ts'
export { executionStatuses } from './protocol/execution-record.ts'
export type {
  ClosedStatus, ExecutionRecord, ExecutionStatus, Held, HeldCode, ParentClosePolicy, ParentLink,
} from './protocol/execution-record.ts'
export { asIncarnation, asRunId, isRunId, outsideWorker } from './protocol/ids.ts'
export type { CommandNumber, Incarnation, Millis, RunId } from './protocol/ids.ts'
export type { InboxMessage, InboxPost, PostOutcome } from './protocol/inbox-message.ts'
export { checkedNamespaceName, checkNamespace } from './protocol/namespace.ts'
export type { NamespaceRecord, NewNamespace } from './protocol/namespace.ts'
export { cancelRequestedByParent, childClosed, terminatedByParent, terminateRequestedByParent } from './protocol/parent-close.ts'
export type { ClosedChild } from './protocol/parent-close.ts'
export { emptyPayload } from './protocol/payload.ts'
export type { Payload } from './protocol/payload.ts'
export { checkQueueLimits, limitedQueue, mustCount, queueRoom, rateUsed, takenFrom } from './protocol/queue-limits.ts'
export type { QueueLimits, QueueRoom, QueueState } from './protocol/queue-limits.ts'
export { terminatedByStart } from './protocol/terminated-by-start.ts'
export type {
  Close, CommitBatch, CommitOutcome, EventRecord, IdConflictPolicy, IdReusePolicy, MessageTarget, MessageText, Outgoing, OutgoingMessage,
  OutgoingOutcome, OutgoingStart, Release, StartLink, StartMessage, StartOutcome, StartRecord, Transition, TransitionOutcome, UpdateChange,
  UpdateStage,
} from './protocol/transition.ts'
export { createRegistry } from './registry.ts'
export { HistoryFileError } from './replay/history-file-error.ts'
export { createReplayClient } from './replay/replay-client.ts'
export type { OpenFilter, OpenReplayResult, ReplayClient } from './replay/replay-client.ts'
export { runReplayHistories, runReplayHistory } from './replay/replay-history.ts'
export type { HistoryAndWorkflowId, ReplayOptions, ReplayResult } from './replay/replay-history.ts'
export { replayCold } from './replay/stored-replay.ts'
export type { TemporalEvent, TemporalHistory } from './replay/temporal-event.ts'
export type { ActivityFunction, Registry, WorkflowFunction } from './registry.ts'
export type {
  ActivityExecuteInput, ActivityInboundCallsInterceptor, ActivityInterceptors, ActivityInterceptorsFactory,
  ActivityOutboundCallsInterceptor,
} from './worker/attempts/activity-interceptors.ts'
export { closeStallWatchAtExit } from './worker/turns/stall-watch-end.ts'
export { createWorker } from './worker/worker.ts'
export type { Worker, WorkerStatus } from './worker/worker.ts'
export type { WorkerParts } from './worker/context/worker-context.ts'
export type { WorkerSettings } from './worker/context/worker-settings.ts'
