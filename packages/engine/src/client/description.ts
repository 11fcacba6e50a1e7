/** What people are shown of an execution: dates, decoded values, words. Pure. */
import type { ActivityTask } from '../protocol/activity-task.ts'
import type { Waits, WaitingActivity } from '../execution/waits.ts'
import type { ExecutionRecord, ExecutionStatus, Held, HeldCode } from '../protocol/execution-record.ts'
import type { Millis } from '../protocol/ids.ts'
import { readableArguments, readableFailure, readableObject, readablePayload } from './readable-payload.ts'

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
  readonly firstRunId: string
  /** A worker has it in hand. */
  readonly owned: boolean
  /** When it next has work by itself; a message can wake it earlier. */
  readonly wakeTime: Date | undefined
  /** Takeovers in a row in which a worker died while running it. */
  readonly takeovers: number
  /**
   * What its code awaits. Of an execution that no worker could be asked about, only activities that wait, were retried or
   * have run for more than a second; its timers and conditions are then undefined.
   */
  readonly pendingActivities: readonly PendingActivity[]
  readonly pendingTimers: readonly PendingTimer[] | undefined
  /** What it waits for that will not come by itself, and the remedy: a worker that nobody has started. */
  readonly problem: string | undefined
  /** Calls of condition() that wait. */
  readonly pendingConditions: number | undefined
  /** Signals for which its code has set no handler yet, by name: kept, or mistyped. */
  readonly unhandledSignals: Readonly<Record<string, number>> | undefined
}

export interface PendingTimer {
  readonly startTime: Date
  readonly fireTime: Date
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
  return { code, reason, buildId, count }
}

/** @param waits undefined: nobody could be asked */
export function descriptionOf(
  execution: ExecutionRecord, tasks: readonly ActivityTask[], waits: Waits | undefined, problem?: string,
): ExecutionDescription {
  const { namespace, priority, firstRunId, owner, takeovers } = execution
  return {
    ...summaryOf(execution),
    namespace, priority, firstRunId, takeovers, problem,
    executionTime: dateOf(execution.firstTaskAt),
    input: readableArguments(execution.input),
    result: readablePayload(execution.result),
    failure: readableFailure(execution.failure),
    memo: readableObject(execution.memo),
    searchAttributes: readableObject(execution.searchAttributes),
    owned: owner !== null,
    wakeTime: dateOf(execution.wakeAt ?? waits?.timers[0]?.fireAt ?? null),
    pendingActivities: [...tasks.map(pendingActivity), ...withoutRow(execution, tasks, waits)],
    pendingTimers: waits?.timers.map(({ startedAt, fireAt }) => ({ startTime: new Date(startedAt), fireTime: new Date(fireAt) })),
    pendingConditions: waits?.conditions,
    unhandledSignals: waits?.unhandledSignals,
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
  }))
}

function stateOf({ cancelRequested, startedAt }: WaitingActivity): PendingActivity['state'] {
  if (cancelRequested) return 'CANCEL_REQUESTED'
  return startedAt === null ? 'SCHEDULED' : 'STARTED'
}

function pendingActivity(task: ActivityTask): PendingActivity {
  const { activityId, activityType, taskQueue, attempt } = task
  const isWaiting = task.worker === null
  const options = readablePayload(task.options) as { readonly retry?: { readonly maximumAttempts?: number } } | undefined
  return {
    activityId, activityType, taskQueue, attempt,
    state: task.cancelRequested ? 'CANCEL_REQUESTED' : isWaiting ? 'SCHEDULED' : 'STARTED',
    maximumAttempts: options?.retry?.maximumAttempts ?? 0,
    scheduledTime: new Date(task.scheduledAt),
    nextAttemptTime: isWaiting ? new Date(task.availableAt) : undefined,
    lastStartedTime: dateOf(task.startedAt),
    lastFailure: readableFailure(task.lastFailure),
    heartbeatDetails: readablePayload(task.heartbeatDetails),
  }
}

function dateOf(at: Millis | null): Date | undefined {
  return at === null ? undefined : new Date(at)
}
