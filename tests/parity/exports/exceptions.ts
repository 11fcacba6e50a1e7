/** Names of Temporal's packages that are not here, and why. The page lists each of them. */

export interface Exception {
  readonly reason: string
  /** Of one package, or of all four. */
  readonly of?: 'workflow' | 'activity' | 'client' | 'common'
  /** Whole names, or patterns. */
  readonly names: readonly (string | RegExp)[]
}

export const exceptions: readonly Exception[] = [
  { reason: 'Nexus: operations of other services are called by activities', names: [/Nexus/] },
  {
    reason: 'Sinks: they carry calls out of the sandbox of Temporal\'s worker, and there is no sandbox; log, metrics and activities do',
    of: 'workflow', names: ['proxySinks', 'Sink', 'SinkCall', 'SinkFunction', 'Sinks', 'LoggerSinks'],
  },
  {
    reason: 'External storage of payloads: a payload codec may store elsewhere what it is given',
    names: [/^ExternalStorage/, /^StorageDriver/],
  },
  {
    reason: 'Event groups: experimental marks for Temporal\'s web interface',
    of: 'workflow', names: ['EventGroupMarker', 'createEventGroup'],
  },
  {
    reason: 'Names of enumerations as protobuf has them: histories are exported and imported in that form by the engine itself',
    names: [/^(encode|decode)[A-Z]/],
  },
  {
    reason: 'What the SDK itself is made of; marked as internal there',
    names: [
      'FAILURE_SOURCE', 'UnsafeRandomSource', 'addDefaultWorkflowOptions', 'toPayloads', 'toPayloadsWithContext',
      'convertOptionalToPayload',
      'mapToPayloads', 'fromPayloadsAtIndex', 'arrayFromPayloads', 'mapFromPayloads', 'toPayloadWithTypeInfo', 'fromPayloadWithTypeInfo',
      'METADATA_MESSAGE_TYPE_KEY', 'optionalTsToMs', 'tsToMs',
      'msNumberToTs', 'msToTs', 'msOptionalToTs', 'msOptionalToNumber', 'msToNumber', 'tsToDate', 'optionalTsToDate', 'Timestamp',
      'cutoffStackTrace', 'createPayloadValidationError', 'compileRetryPolicy', 'decompileRetryPolicy', 'compilePriority', 'u8', 'str',
      'errorMessage', 'errorCode', 'LogMetaOrFunc', 'LoggerWithComposedMetadata', 'MetricTagsOrFunc', 'MetricMeterWithComposedTags',
      'noopMetricMeter', 'LogMetadata', 'SdkComponent', 'isActivityFunctionWithOptions', 'isWorkflowFunctionWithOptions',
      'isWorkflowFunctionWithStaticOptions', 'toCanonicalString', 'convertDeploymentVersion', 'LoadedDataConverter', 'rawPayloadTypeBrand',
    ],
  },
  {
    reason: 'Types of arguments and results for payload converters; experimental there. Values here are as JSON has them',
    names: [
      'ActivityTypeInfoMap', 'ConverterHint', 'PayloadTypeInfo', 'TransferTypeConverter', 'TypeInfo', 'SignalTypeInfo',
      'rawValueTypeInfo',
      'SignalDefinitionOptions', 'QueryDefinitionOptions', 'UpdateDefinitionOptions', 'WorkflowStaticOptions',
      'WorkflowFunctionWithStaticOptions',
    ],
  },
  {
    reason: 'Versions of workers: an execution runs on whichever worker has its code; buildId is a label, patches keep code compatible',
    names: [
      /BuildId/, /^Reachability/, /Reachability$/, 'reachabilityResponseFromProto', 'BaseReachabilityOptions', 'PromoteSetByBuildId',
      'PromoteBuildIdWithinSet', 'MergeSets', 'AddNewIdInNewDefaultSet', 'AddNewCompatibleVersion', 'VersioningIntent',
      'VersioningOverride',
      'PinnedVersioningOverride', 'AutoUpgradeVersioningOverride', 'InitialVersioningBehavior', 'WorkerDeploymentVersion',
      'TaskQueueClientOptions', 'LoadedTaskQueueClientOptions',
    ],
  },
  {
    reason: 'Schedules: a later version has them', of: 'client',
    names: [/Schedule/, /^(Calendar|Interval)Spec/, 'Range', 'LooseRange', 'MONTHS', 'Month', 'DAYS_OF_WEEK', 'DayOfWeek', 'Backfill'],
  },
  {
    reason: 'Activities without a workflow: experimental there; a workflow of one step does it', of: 'client',
    names: [/^Activity(?!Failure|Function|Interface|Options$|CancelledError|CompletionError|NotFoundError)/, /^TypedActivityClient/,
      'GetActivityHandleOptions', /^RawActivity/, 'CountActivityExecutions', /PendingActivityState/],
  },
  {
    reason: 'Connections to a Temporal server and its services: a client here is an Engine on a database', of: 'client',
    names: [
      /Connection/, 'TLSConfig', 'LOCAL_TARGET', 'Metadata', 'CallContext', /Service$/, 'ServiceError', /[gG]rpc/, 'isServerErrorResponse',
      'isRetryableError', 'BackoffOptions', /(Request|Response)$/, /^Raw/, 'Client', /^(Loaded)?ClientOptions$/, 'ClientPlugin',
      'ClientInterceptors', /^(Loaded)?WorkflowClientOptions$/, 'GrpcRetryOptions',
    ],
  },
  {
    reason: 'engine.activities completes, fails and heartbeats activities from outside', of: 'client',
    names: [/^(Loaded)?AsyncCompletion/, 'FullActivityId'],
  },
  {
    reason: 'Here under another name: StartOptions, StartedWorkflowHandle, SignaledWorkflowHandle, ExecutionSummary, ExecutionDescription, '
      + 'ExecutionStatus, UpdateOptions, ResultOptions, GetHandleOptions, SignalWithStartOptions',
    of: 'client',
    names: [
      'WorkflowOptions', 'CompiledWorkflowOptions', 'WithCompiledWorkflowOptions', 'compileWorkflowOptions', 'WorkflowStartOptions',
      'WorkflowUpdateOptions', /^WorkflowSignalWithStartOptions/, 'WorkflowHandleWithFirstExecutionRunId', 'WorkflowHandleWithStartDetails',
      'WorkflowHandleWithSignaledRunId', 'WorkflowResultOptions', 'GetWorkflowHandleOptions', 'GetWorkflowUpdateHandleOptions',
      'WorkflowExecutionInfo', 'WorkflowExecutionDescription', 'WorkflowExecutionStatusName', 'CountWorkflowExecution', 'WorkflowExecution',
      'WorkflowUpdateStage', 'AsyncWorkflowListIterable', 'IntoHistoriesOptions', 'HistoryAndWorkflowId',
    ],
  },
  { reason: 'Of lists that give histories', of: 'common', names: ['HistoryAndWorkflowId', 'WorkflowExecution'] },
  {
    reason: 'The older form of client interceptors, deprecated there', of: 'client',
    names: [/^WorkflowClientCallsInterceptor/, 'WorkflowClientInterceptors'],
  },
  {
    reason: 'Experimental there: what is converted for whom, values that pass unconverted, a metric that goes down', of: 'common',
    names: [/SerializationContext$/, 'RawValue', 'MetricUpDownCounter'],
  },
  { reason: 'defaultPayloadConverter is the one there is of it', of: 'common', names: ['DefaultPayloadConverter'] },
  { reason: 'failures are made by their classes', of: 'common', names: ['ensureApplicationFailure', 'ensureTemporalFailure'] },
  { reason: 'a logger has its levels as methods', of: 'common', names: ['LogLevel'] },
  {
    reason: 'Deprecated there, or a type that only names another',
    names: ['WorkflowUpdateAnnotatedType', 'WorkflowSignalAnnotatedType', 'WorkflowQueryAnnotatedType', 'StringValue'],
  },
]
