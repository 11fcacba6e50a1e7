/** Makes the in-memory form of an execution from its row. */
import type { RetryPolicy, WorkflowInterceptorsFactory } from '@perdure/workflow'
import type { ResolvedRetryPolicy } from '@perdure/workflow/host'
import { jsonValues, type ValueConverter } from '../../conversion/value-converter.ts'
import { runInScope } from '../../determinism/workflow-context.ts'
import { isWorkflowFailure, type WorkflowFailureErrorTypes } from '../../execution/failure-rule.ts'
import type { LiveExecutionParts, StartedInfo } from '../../execution/live-execution-parts.ts'
import { LiveExecution } from '../../execution/live-execution.ts'
import { historyEventsSuggested } from '../../limits.ts'
import type { ExecutionRecord } from '../../protocol/execution-record.ts'
import { decodeStartDetails, type StartDetails } from '../../protocol/start-details.ts'
import type { WorkflowFunction } from '../../registry.ts'

export interface LiveOptions {
  readonly record: ExecutionRecord
  readonly fn: WorkflowFunction
  readonly wallClock: () => number
  readonly onStray: (error: Error) => void
  readonly captureLocations?: boolean
  readonly onPassedOver?: LiveExecutionParts['onPassedOver']
  readonly onWithdrawn?: LiveExecutionParts['onWithdrawn']
  readonly onUpdateBegun?: LiveExecutionParts['onUpdateBegun']
  readonly onPatched?: LiveExecutionParts['onPatched']
  readonly onUpdateHandler?: LiveExecutionParts['onUpdateHandler']
  /** Its code ran in this process from its first line on. */
  readonly isOurs?: boolean
  readonly interceptors?: readonly WorkflowInterceptorsFactory[] | undefined
  /** Default: JSON. */
  readonly values?: ValueConverter | undefined
  /** Default: every error fails the execution. */
  readonly failureErrorTypes?: WorkflowFailureErrorTypes | undefined
}

type Code = Pick<LiveOptions, 'interceptors' | 'failureErrorTypes' | 'values'>

/** What a worker says of all workflow code that it runs. */
export function codeOf({ workflowInterceptors, values, settings }: CodeSettings): Code {
  return { interceptors: workflowInterceptors, failureErrorTypes: settings.workflowFailureErrorTypes, values }
}

interface CodeSettings {
  readonly values?: ValueConverter
  readonly workflowInterceptors?: readonly WorkflowInterceptorsFactory[]
  readonly settings: { readonly workflowFailureErrorTypes?: WorkflowFailureErrorTypes | undefined }
}

export function createLive(options: LiveOptions): LiveExecution {
  const { record, values: converter = jsonValues } = options
  const startedAt = record.firstTaskAt ?? record.startedAt
  const details = decodeStartDetails(record.details)
  const { memo: memoPayload, searchAttributes: attributesPayload } = details.startedWith ?? record
  const memo = memoPayload === null ? undefined : converter.decodeFields(memoPayload)
  const searchAttributes = attributesPayload === null ? {} : jsonValues.decodeFields(attributesPayload)
  // Here, and not where it is asked for: what cannot be read holds the execution, and is no error of its code.
  const lastFailure = details.lastFailure === undefined ? {} : { lastFailure: converter.failures.decode(details.lastFailure) }
  return new LiveExecution({
    runId: record.runId, workflowType: record.workflowType, namespace: record.namespace, fn: options.fn,
    args: converter.decodeArguments(record.input), startedAt, values: converter,
    info: () => ({
      workflowId: record.workflowId, runId: record.runId, firstExecutionRunId: record.firstRunId, workflowType: record.workflowType,
      namespace: record.namespace, taskQueue: record.taskQueue, startTime: new Date(record.startedAt), runStartTime: new Date(startedAt),
      searchAttributes, memo: memo ?? {}, ...infoOf(details, record, converter), ...lastFailure,
    }),
    isFailure: (error) => isWorkflowFailure(error, record.workflowType, options.fn, options.failureErrorTypes),
    historyEventsSuggested, wallClock: options.wallClock, runInScope, onStray: options.onStray,
    interceptors: options.interceptors ?? none, headers: () => details.headers ?? {}, isOurs: options.isOurs ?? false,
    captureLocations: options.captureLocations ?? false, onPassedOver: options.onPassedOver, onWithdrawn: options.onWithdrawn,
    onUpdateBegun: options.onUpdateBegun, onPatched: options.onPatched, onUpdateHandler: options.onUpdateHandler,
  })
}

const none: readonly never[] = []

type DetailedInfo = Pick<
  StartedInfo, 'attempt' | 'parent' | 'root' | 'continuedFromExecutionRunId' | 'executionTimeoutMs' | 'executionExpirationTime' |
    'runTimeoutMs' | 'taskTimeoutMs' | 'retryPolicy' | 'lastResult' | 'cronSchedule' | 'priority'
>

function infoOf(details: StartDetails, record: ExecutionRecord, values: ValueConverter): DetailedInfo {
  const { parent, continuedFrom, executionTimeoutMs, executionExpiresAt, runTimeoutMs, taskTimeoutMs, retry } = details
  const root = details.root ?? parent
  const { lastResult, cronSchedule, attempt = 1 } = details
  return {
    attempt, priority: { priorityKey: record.priority },
    ...(parent === undefined ? {} : { parent }),
    ...(root === undefined ? {} : { root: { workflowId: root.workflowId, runId: root.runId } }),
    ...(continuedFrom === undefined ? {} : { continuedFromExecutionRunId: continuedFrom }),
    ...(executionTimeoutMs === undefined ? {} : { executionTimeoutMs }),
    ...(executionExpiresAt === undefined ? {} : { executionExpirationTime: new Date(executionExpiresAt) }),
    ...(runTimeoutMs === undefined ? {} : { runTimeoutMs: Math.min(runTimeoutMs, executionTimeoutMs ?? Infinity) }),
    ...(taskTimeoutMs === undefined ? {} : { taskTimeoutMs }),
    ...(retry === undefined ? {} : { retryPolicy: policyOf(retry) }), ...(cronSchedule === undefined ? {} : { cronSchedule }),
    ...(lastResult === undefined ? {} : { lastResult: values.decode(lastResult) }),
  }
}

function policyOf({ initialMs, coefficient, maximumMs, maximumAttempts, nonRetryableErrorTypes }: ResolvedRetryPolicy): RetryPolicy {
  return {
    initialInterval: initialMs, backoffCoefficient: coefficient, maximumInterval: maximumMs,
    ...(maximumAttempts === 0 ? {} : { maximumAttempts }), nonRetryableErrorTypes: [...nonRetryableErrorTypes],
  }
}
