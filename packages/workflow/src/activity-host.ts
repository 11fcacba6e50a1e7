/**
 * The one port between activity code and whatever runs it; its runtime is registered as that of workflows is.
 * A host lives as long as one attempt of one activity.
 */
import type { RetryPolicy } from './activity-options.ts'
import type { LogLevel } from './host.ts'
import type { Metric, MetricTags } from './metric.ts'
import { portVersion, type Registered, runtimeOf } from './port-version.ts'
import type { Priority } from './workflow-priority.ts'

/** Facts about the running attempt, as `activityInfo()` returns them. */
export interface ActivityInfo {
  /** Names this attempt to whoever completes it from outside, after the function has thrown a CompleteAsyncError. */
  readonly taskToken: Uint8Array
  readonly base64TaskToken: string
  readonly activityId: string
  readonly activityType: string
  /** From 1. */
  readonly attempt: number
  readonly taskQueue: string
  readonly namespace: string
  /** The same: activities run in the namespace of their workflows. */
  readonly activityNamespace: string
  readonly workflowNamespace: string
  readonly workflowExecution: { readonly workflowId: string; readonly runId: string }
  readonly workflowType: string
  /** When the activity was first scheduled. */
  readonly scheduledTimestampMs: number
  /** When this attempt was scheduled. */
  readonly currentAttemptScheduledTimestampMs: number
  /** 0: none. */
  readonly startToCloseTimeoutMs: number
  /** 0: none. */
  readonly scheduleToCloseTimeoutMs: number
  readonly heartbeatTimeoutMs?: number
  /** What the last attempt that sent a heartbeat said last. */
  readonly heartbeatDetails: unknown
  readonly isLocal: boolean
  readonly inWorkflow: boolean
  readonly priority?: Priority
  /** With defaults filled in; maximumAttempts 0: unlimited. */
  readonly retryPolicy?: RetryPolicy
}

export interface ActivityHost {
  readonly info: ActivityInfo
  /** Rejects with a CancelledFailure when the attempt is asked to stop; never causes an unhandled rejection by itself. */
  readonly cancelled: Promise<never>
  /** Aborted at the same time, with the same CancelledFailure as its reason. */
  readonly cancellationSignal: AbortSignal
  /** Throws a PayloadError when the details cannot be encoded. */
  heartbeat(details?: unknown): void
  log(level: LogLevel, message: string, attributes?: Readonly<Record<string, unknown>>): void
  /** A client of the same engine. */
  readonly client?: unknown
  /** Undefined: nobody collects metrics. */
  metric?(kind: 'counter' | 'histogram' | 'gauge', metric: Metric, value: number, tags: MetricTags): void
}

export interface ActivityRuntime {
  current(): ActivityHost | undefined
  /** Runs `fn` as code of this attempt. */
  run?<R>(host: ActivityHost, fn: () => R): R
}

const runtimeKey = Symbol.for('perdure.activity.runtime')
type Registry = { [runtimeKey]?: Registered<ActivityRuntime> }

/** @throws PerdureError VERSIONS_MIXED */
export function setActivityRuntime(runtime: ActivityRuntime): void {
  const registry = globalThis as Registry
  runtimeOf(registry[runtimeKey])
  registry[runtimeKey] = { runtime, portVersion }
}

export function activityRuntimeOrNone(): ActivityRuntime | undefined {
  return runtimeOf((globalThis as Registry)[runtimeKey])
}

/** The activity attempt that the running code belongs to, or undefined outside of activities. */
export function currentActivityOrNone(): ActivityHost | undefined {
  return activityRuntimeOrNone()?.current()
}
