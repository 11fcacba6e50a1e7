import type { CommandNumber, Incarnation, Millis, RunId } from './ids.ts'
import type { Payload } from './payload.ts'

/**
 * One row of `activity_tasks`: an activity that somebody other than its execution's owner must be able to see or run.
 * It waits (worker null, runnable from availableAt) or runs (worker set). (runId, command) is unique; `attempt` is the
 * fence: whoever ends the task names the attempt it ends.
 */
export interface ActivityTask {
  readonly namespace: string
  readonly runId: RunId
  readonly command: CommandNumber
  readonly workflowId: string
  readonly workflowType: string
  readonly taskQueue: string
  readonly activityType: string
  readonly activityId: string
  readonly priority: number
  readonly attempt: number
  readonly input: Payload
  /** ResolvedActivityOptions as JSON. */
  readonly options: Payload
  readonly worker: Incarnation | null
  /** First scheduling of the activity (workflow time of its command). */
  readonly scheduledAt: Millis
  /** Scheduling of this attempt: runnable from then. */
  readonly availableAt: Millis
  /** Start of the running attempt. */
  readonly startedAt: Millis | null
  /** When a tick must look at it: the earliest timeout that applies in its present state. Null: none. */
  readonly deadlineAt: Millis | null
  /** Deadline once it starts, relative to its start: the smaller of start-to-close and heartbeat timeout. Null: none. */
  readonly runMs: number | null
  /** Absolute end of all attempts (schedule-to-close). Null: none. */
  readonly closeBy: Millis | null
  /** True when the worker that ran this attempt died. */
  readonly lost: boolean
  readonly cancelRequested: boolean
  /** Failure of the attempt before, encoded, for people. */
  readonly lastFailure: Payload | null
  readonly heartbeatDetails: Payload | null
}

/** How somebody ends one attempt of a task; refused without effect when the row's attempt is another or the row is gone. */
export interface TaskEnd {
  readonly runId: RunId
  readonly command: CommandNumber
  readonly attempt: number
  readonly outcome: TaskRetry | TaskPost | TaskLeave
}
/** Another attempt of the same task: attempt + 1, worker null, lost false, lastFailure set. */
export interface TaskRetry {
  readonly type: 'retry'
  readonly availableAt: Millis
  readonly deadlineAt: Millis | null
  readonly lastFailure: Payload | null
  /** Those of the last heartbeat, for the next attempt; null: those that are stored already. */
  readonly heartbeatDetails: Payload | null
}
/** The row goes and the event is posted to the execution's inbox, in one transaction (dropped when the execution is closed). */
export interface TaskPost {
  readonly type: 'post'
  readonly eventType: string
  readonly data: string
  /** Refused also when somebody runs the attempt. */
  readonly onlyWaiting?: boolean
}
/** The attempt goes on, and whoever has its token ends it: worker outsideWorker. Refused when the attempt was lost. */
export interface TaskLeave {
  readonly type: 'leave'
  readonly deadlineAt: Millis | null
  /** Null: those that are stored already. */
  readonly heartbeatDetails: Payload | null
}
