import type { CommandNumber, Incarnation, Millis, RunId } from './ids.ts'
import type { Payload } from './payload.ts'

/** Stored statuses. PAUSED is shown, never stored: a paused execution is RUNNING with a pause. */
export const executionStatuses = [
  'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED', 'TERMINATED', 'CONTINUED_AS_NEW', 'TIMED_OUT',
] as const
export type ExecutionStatus = (typeof executionStatuses)[number]
export type ClosedStatus = Exclude<ExecutionStatus, 'RUNNING'>

export type HeldCode =
  'nondeterminism' | 'determinism_violation' | 'unknown_workflow_type' | 'crash_loop' | 'task_failure' | 'commit_rejected'

/** Why an open execution makes no progress although it has work. */
export interface Held {
  readonly code: HeldCode
  /** For people: what happened and what to do. May have several lines. */
  readonly reason: string
  /** Build of the code that could not go on; another build tries at once. */
  readonly buildId: string
  /** How often in a row; the pause before the next try grows with it. */
  readonly count: number
  /** Activities that wait without a row have spent an attempt: the worker that ran them died before this hold. */
  readonly spent: boolean
}

export type ParentClosePolicy = 'TERMINATE' | 'ABANDON' | 'REQUEST_CANCEL'

export interface ParentLink {
  readonly runId: RunId
  /** Command of the parent that started it. */
  readonly command: CommandNumber
  readonly closePolicy: ParentClosePolicy
}

/** One row of `executions`. */
export interface ExecutionRecord {
  readonly namespace: string
  readonly workflowId: string
  readonly runId: RunId
  readonly workflowType: string
  readonly taskQueue: string
  readonly status: ExecutionStatus
  readonly priority: number
  readonly owner: Incarnation | null
  /** When an unowned open execution next has work by itself; null: only a message can wake it. */
  readonly wakeAt: Millis | null
  readonly held: Held | null
  /** JSON array of the arguments. */
  readonly input: Payload
  readonly result: Payload | null
  /** Encoded failure of a closed execution (failure-codec). */
  readonly failure: Payload | null
  /** JSON object of values, or null. */
  readonly memo: Payload | null
  readonly searchAttributes: Payload | null
  readonly firstRunId: RunId
  readonly parent: ParentLink | null
  /** When any worker ends it as TIMED_OUT. */
  readonly expiresAt: Millis | null
  /** StartDetails as JSON, or null. */
  readonly details: Payload | null
  /** Takeovers in a row during which this execution was being run. */
  readonly takeovers: number
  readonly startedAt: Millis
  /** When workflow code first ran: its first workflow time. Null while it has not. */
  readonly firstTaskAt: Millis | null
  readonly closedAt: Millis | null
}
