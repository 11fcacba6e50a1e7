/** What people are shown of an execution: dates, decoded values, words. Pure. */
import { TypedSearchAttributes } from '@perdure/workflow'
import type { ValueConverter } from '../conversion/value-converter.ts'
import type { ActivityTask } from '../protocol/activity-task.ts'
import type { Waits, WaitingActivity, WaitingChild } from '../execution/waits.ts'
import type { ExecutionRecord, ExecutionStatus, Held, HeldCode } from '../protocol/execution-record.ts'
import type { Millis } from '../protocol/ids.ts'
import type { Payload } from '../protocol/payload.ts'
import { decodeStartDetails, type RelatedRun, type StartDetails } from '../protocol/start-details.ts'
import {
  readableArguments, readableFailure, readableFields, readableObject, readablePayload, readableSentence,
} from './readable-payload.ts'

export interface ExecutionSummary {
  readonly workflowId: string
  readonly runId: string
  readonly workflowType: string
  readonly taskQueue: string
  readonly status: ExecutionStatus
  readonly startTime: Date
  readonly closeTime: Date | undefined
  /** Why an open execution makes no progress although it has work. */
  readonly held: HeldDescription | undefined
}

export interface HeldDescription {
  readonly code: HeldCode
  readonly reason: string
  readonly buildId: string
  /** How often in a row. */
  readonly count: number
}

export interface ExecutionDescription extends ExecutionSummary {
  readonly namespace: string
  readonly priority: number
  /** When its code first ran. */
  readonly executionTime: Date | undefined
  /** The arguments. */
  readonly input: readonly unknown[]
  readonly result: unknown
  /** With its chain of causes; as JSON it is plain data. */
  readonly failure: Error | undefined
  readonly memo: Readonly<Record<string, unknown>> | undefined
  readonly searchAttributes: Readonly<Record<string, unknown>> | undefined
  /** The same by typed keys; types are not stored, so those of `getAll()` are guessed from the values. */
  readonly typedSearchAttributes: TypedSearchAttributes
  /** Of the first run of the chain. */
  readonly firstRunId: string
  /** The run that this one goes on from: it continued as new, or is retried. */
  readonly continuedFromRunId: string | undefined
  /** From 1: which try of the workflow's retry policy this run is. */
  readonly attempt: number
  /** Undefined: a workflow that fails is not run again. */
  readonly retryPolicy: WorkflowRetryPolicy | undefined
  /** The execution that started it as a child. */
  readonly parentExecution: RelatedExecution | undefined
  /** The topmost ancestor; undefined where it has no parent. */
  readonly rootExecution: RelatedExecution | undefined
  readonly timeouts: WorkflowTimeouts
  readonly staticSummary: string | undefined
  readonly staticDetails: string | undefined
  /** A worker has it in hand. */
  readonly owned: boolean
  /** When it next has work by itself; a message can wake it earlier. */
  readonly wakeTime: Date | undefined
  /** Takeovers in a row in which a worker died while running it. */
  readonly takeovers: number
  /**
   * What its code awaits. Of an execution that no worker could be asked about, only activities that wait, were retried or
   * have run for more than a second; its timers, children and conditions are then undefined.
   */
  readonly pendingActivities: readonly PendingActivity[]
  readonly pendingTimers: readonly PendingTimer[] | undefined
  /** Children that have not ended, awaited or not. */
  readonly pendingChildren: readonly PendingChild[] | undefined
  /** What it waits for that will not come by itself, and the remedy: a worker that nobody has started, a child that is held. */
  readonly problem: string | undefined
  /** Calls of condition() that wait. */
  readonly pendingConditions: number | undefined
  /** Signals for which its code has set no handler yet, by name: kept, or mistyped. */
  readonly unhandledSignals: Readonly<Record<string, number>> | undefined
}

export interface RelatedExecution {
  readonly workflowId: string
  readonly runId: string
}

/** In milliseconds; undefined: none. */
export interface WorkflowTimeouts {
  readonly executionTimeoutMs: number | undefined
  readonly runTimeoutMs: number | undefined
  readonly taskTimeoutMs: number | undefined
  /** When the run is ended as timed out. */
  readonly expirationTime: Date | undefined
}

export interface WorkflowRetryPolicy {
  readonly initialIntervalMs: number
  readonly backoffCoefficient: number
  readonly maximumIntervalMs: number
  /** 0: unlimited. */
  readonly maximumAttempts: number
  readonly nonRetryableErrorTypes: readonly string[]
}

export interface PendingTimer {
  readonly startTime: Date
  readonly fireTime: Date
  /** As given to `sleep`, for people. */
  readonly summary: string | undefined
}

export interface PendingChild {
  readonly workflowId: string
  /** Of its first run; undefined: it is about to start. */
  readonly runId: string | undefined
  readonly workflowType: string
  readonly initiatedTime: Date
  readonly cancelRequested: boolean
}

export interface PendingActivity {
  readonly activityId: string
  readonly activityType: string
  readonly taskQueue: string
  readonly state: 'SCHEDULED' | 'STARTED' | 'CANCEL_REQUESTED'
  readonly attempt: number
  readonly maximumAttempts: number
  readonly scheduledTime: Date
  /** Of a waiting attempt: when it may start. */
  readonly nextAttemptTime: Date | undefined
  readonly lastStartedTime: Date | undefined
  /** Of the attempt before. */
  readonly lastFailure: Error | undefined
  readonly heartbeatDetails: unknown
  /** Of its options, for people. */
  readonly summary: string | undefined
}

export interface WorkflowStatus {
  readonly workflowId: string
  readonly runId: string
  readonly workflowType: string
  readonly status: ExecutionStatus
  readonly startTime: Date
  readonly closeTime: Date | undefined
}

export function statusOf(execution: ExecutionRecord): WorkflowStatus {
  const { workflowId, runId, workflowType, status } = execution
  return {
    workflowId, runId, workflowType, status, startTime: new Date(execution.startedAt), closeTime: dateOf(execution.closedAt),
  }
}

export function summaryOf(execution: ExecutionRecord): ExecutionSummary {
  const { workflowId, runId, workflowType, taskQueue, status, startedAt, closedAt, held } = execution
  return {
    workflowId, runId, workflowType, taskQueue, status,
    startTime: new Date(startedAt), closeTime: dateOf(closedAt), held: held === null ? undefined : heldDescription(held),
  }
}

function heldDescription({ code, reason, buildId, count }: Held): HeldDescription {
  return { code, reason: readableSentence(reason), buildId, count }
}

/** @param waits undefined: nobody could be asked */
export function descriptionOf(
  execution: ExecutionRecord, tasks: readonly ActivityTask[], waits: Waits | undefined, problem?: string, values?: ValueConverter,
): ExecutionDescription {
  const { namespace, priority, firstRunId, owner, takeovers } = execution
  const searchAttributes = readableObject(execution.searchAttributes)
  return {
    ...summaryOf(execution),
    namespace, priority, firstRunId, takeovers, problem,
    executionTime: dateOf(execution.firstTaskAt),
    input: readableArguments(execution.input),
    result: readablePayload(execution.result),
    failure: readableFailure(execution.failure, values),
    memo: readableFields(execution.memo, values),
    searchAttributes, typedSearchAttributes: TypedSearchAttributes.fromPlain(searchAttributes ?? {}),
    ...detailsOf(execution),
    owned: owner !== null,
    wakeTime: dateOf(execution.wakeAt ?? waits?.timers[0]?.fireAt ?? null),
    pendingActivities: [...tasks.map((task) => pendingActivity(task, values)), ...withoutRow(execution, tasks, waits)],
    pendingTimers: waits?.timers.map(({ startedAt, fireAt, summary }) => (
      { startTime: new Date(startedAt), fireTime: new Date(fireAt), summary })),
    pendingChildren: waits?.children?.map(pendingChild),
    pendingConditions: waits?.conditions,
    unhandledSignals: waits?.unhandledSignals,
  }
}

type Details = Pick<ExecutionDescription,
  'continuedFromRunId' | 'attempt' | 'retryPolicy' | 'parentExecution' | 'rootExecution' | 'timeouts' | 'staticSummary' | 'staticDetails'>

function detailsOf({ details, expiresAt }: ExecutionRecord): Details {
  const { attempt = 1, continuedFrom, retry, parent, root, staticSummary, staticDetails, ...rest } = readableDetails(details)
  const { executionTimeoutMs, runTimeoutMs, taskTimeoutMs } = rest
  return {
    continuedFromRunId: continuedFrom, attempt, staticSummary, staticDetails,
    retryPolicy: retry === undefined ? undefined : {
      initialIntervalMs: retry.initialMs, backoffCoefficient: retry.coefficient, maximumIntervalMs: retry.maximumMs,
      maximumAttempts: retry.maximumAttempts, nonRetryableErrorTypes: retry.nonRetryableErrorTypes,
    },
    parentExecution: related(parent), rootExecution: related(root ?? parent),
    timeouts: { executionTimeoutMs, runTimeoutMs, taskTimeoutMs, expirationTime: dateOf(expiresAt) },
  }
}

function related(run: RelatedRun | undefined): RelatedExecution | undefined {
  return run === undefined ? undefined : { workflowId: run.workflowId, runId: run.runId }
}

/** What cannot be read is not shown: the rest is still worth seeing. */
function readableDetails(details: Payload | null): StartDetails {
  try {
    return decodeStartDetails(details)
  } catch {
    return {}
  }
}

/** They run with their execution's worker, or are about to. */
function withoutRow({ taskQueue }: ExecutionRecord, tasks: readonly ActivityTask[], waits: Waits | undefined): PendingActivity[] {
  const withRow = new Set(tasks.map(({ activityId }) => activityId))
  const activities = (waits?.activities ?? []).filter(({ activityId }) => !withRow.has(activityId))
  return activities.map((activity) => ({
    activityId: activity.activityId, activityType: activity.activityType, taskQueue: activity.taskQueue ?? taskQueue,
    state: stateOf(activity), attempt: 1, maximumAttempts: activity.maximumAttempts, scheduledTime: new Date(activity.scheduledAt),
    nextAttemptTime: undefined, lastStartedTime: dateOf(activity.startedAt), lastFailure: undefined, heartbeatDetails: undefined,
    summary: activity.summary,
  }))
}

function pendingChild({ workflowId, runId, workflowType, initiatedAt, cancelRequested }: WaitingChild): PendingChild {
  return { workflowId, runId: runId ?? undefined, workflowType, initiatedTime: new Date(initiatedAt), cancelRequested }
}

function stateOf({ cancelRequested, startedAt }: WaitingActivity): PendingActivity['state'] {
  if (cancelRequested) return 'CANCEL_REQUESTED'
  return startedAt === null ? 'SCHEDULED' : 'STARTED'
}

function pendingActivity(task: ActivityTask, values: ValueConverter | undefined): PendingActivity {
  const { activityId, activityType, taskQueue, attempt } = task
  const isWaiting = task.worker === null
  const options = readablePayload(task.options) as TaskOptions | undefined
  return {
    activityId, activityType, taskQueue, attempt,
    state: task.cancelRequested ? 'CANCEL_REQUESTED' : isWaiting ? 'SCHEDULED' : 'STARTED',
    maximumAttempts: options?.retry?.maximumAttempts ?? 0,
    scheduledTime: new Date(task.scheduledAt),
    nextAttemptTime: isWaiting ? new Date(task.availableAt) : undefined,
    lastStartedTime: dateOf(task.startedAt),
    lastFailure: readableFailure(task.lastFailure, values),
    heartbeatDetails: readablePayload(task.heartbeatDetails),
    summary: options?.summary,
  }
}

interface TaskOptions {
  readonly retry?: { readonly maximumAttempts?: number }
  readonly summary?: string
}

function dateOf(at: Millis | null): Date | undefined {
  return at === null ? undefined : new Date(at)
}
