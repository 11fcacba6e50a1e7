/** What people are shown of an execution: dates, decoded values, words. Pure. */
import type { ActivityTask } from '../protocol/activity-task.ts'
import type { ExecutionRecord, ExecutionStatus, HeldCode } from '../protocol/execution-record.ts'
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
  /** Activities that are seen outside of their worker: those that wait, were retried or run for more than a second. */
  readonly pendingActivities: readonly PendingActivity[]
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
    startTime: new Date(startedAt), closeTime: dateOf(closedAt), held: held ?? undefined,
  }
}

export function descriptionOf(execution: ExecutionRecord, tasks: readonly ActivityTask[]): ExecutionDescription {
  const { namespace, priority, firstRunId, owner, takeovers } = execution
  return {
    ...summaryOf(execution),
    namespace, priority, firstRunId, takeovers,
    executionTime: dateOf(execution.firstTaskAt),
    input: readableArguments(execution.input),
    result: readablePayload(execution.result),
    failure: readableFailure(execution.failure),
    memo: readableObject(execution.memo),
    searchAttributes: readableObject(execution.searchAttributes),
    owned: owner !== null,
    wakeTime: dateOf(execution.wakeAt),
    pendingActivities: tasks.map(pendingActivity),
  }
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
