/** What an open execution waits for, as its code in memory shows it: the answer to a reserved query. */
import { decodePayload, encodePayload } from '../protocol/payload-codec.ts'
import type { Payload } from '../protocol/payload.ts'
import type { LiveExecution } from './live-execution.ts'
import type { PendingChild } from './pending-commands.ts'

export const waitsQuery = '__perdure_waits'

export interface Waits {
  readonly timers: readonly WaitingTimer[]
  readonly activities: readonly WaitingActivity[]
  /** Calls of condition() whose predicate does not hold. */
  readonly conditions: number
  /** By name, how many signals came for which no handler was set yet. Absent: a worker of another version was asked. */
  readonly unhandledSignals?: Readonly<Record<string, number>>
  /** Absent: a worker of another version was asked. */
  readonly children?: readonly WaitingChild[]
}

/** Times are in milliseconds since the epoch. */
export interface WaitingChild {
  readonly workflowType: string
  readonly workflowId: string
  /** Of its first run; null: it is not known to be started. */
  readonly runId: string | null
  readonly initiatedAt: number
  readonly cancelRequested: boolean
}

/** Times are in milliseconds since the epoch. */
export interface WaitingTimer {
  readonly startedAt: number
  readonly fireAt: number
  readonly summary?: string
}

export interface WaitingActivity {
  readonly activityType: string
  readonly activityId: string
  /** Null: that of its execution. */
  readonly taskQueue: string | null
  readonly scheduledAt: number
  /** Start of the attempt that runs with the execution's worker; null: none does. */
  readonly startedAt: number | null
  readonly maximumAttempts: number
  readonly cancelRequested: boolean
  readonly summary?: string
}

export function encodeWaits(live: LiveExecution, startedAt: (command: number) => number | null): Payload {
  const timers = [...live.pending.timers.values()].map(({ startedAt: from, fireAt, summary }): WaitingTimer => (
    { startedAt: from, fireAt, ...summaryOf(summary) }))
  const activities = [...live.pending.activities.values()].map(({ command, options, ...activity }): WaitingActivity => ({
    activityType: activity.activityType, activityId: activity.activityId, taskQueue: options.taskQueue ?? null,
    scheduledAt: activity.scheduledAt, startedAt: startedAt(command), maximumAttempts: options.retry.maximumAttempts,
    cancelRequested: activity.cancelRequested, ...summaryOf(options.summary),
  }))
  timers.sort((one, other) => one.fireAt - other.fireAt)
  const waits: Waits = {
    timers, activities, conditions: live.calls.conditions.size, unhandledSignals: live.calls.handlers.keptSignals(),
    children: [...live.calls.pendingChildren].map(waitingChild),
  }
  return encodePayload(waits, 'what an execution waits for')
}

function summaryOf(summary: string | undefined): { readonly summary?: string } {
  return summary === undefined ? {} : { summary }
}

function waitingChild({ workflowType, options, runId, initiatedAt, cancelRequested }: PendingChild): WaitingChild {
  return { workflowType, workflowId: options.workflowId ?? '', runId: runId ?? null, initiatedAt, cancelRequested }
}

/** @throws what decoding throws; workers of another version may answer something else */
export function decodeWaits(payload: Payload): Waits {
  return decodePayload(payload) as Waits
}
