import type { RetryPolicy } from './activity-options.ts'
import type { TypedSearchAttributes } from './search-attributes.ts'
import type { Priority } from './workflow-priority.ts'

/** Why it is time to continue as new. */
export const SuggestContinueAsNewReason = {
  HISTORY_SIZE_TOO_LARGE: 'HISTORY_SIZE_TOO_LARGE',
  TOO_MANY_HISTORY_EVENTS: 'TOO_MANY_HISTORY_EVENTS',
  TOO_MANY_UPDATES: 'TOO_MANY_UPDATES',
} as const
export type SuggestContinueAsNewReason = (typeof SuggestContinueAsNewReason)[keyof typeof SuggestContinueAsNewReason]

export interface ParentWorkflowInfo {
  readonly workflowId: string
  readonly runId: string
  readonly namespace: string
}

export interface RootWorkflowInfo {
  readonly workflowId: string
  readonly runId: string
}

/** Facts that another run of the same code does not repeat: no logic may depend on them. */
export interface UnsafeWorkflowInfo {
  /** The clock of this machine. */
  readonly now: () => number
  /** True while recorded events are applied again. */
  readonly isReplaying: boolean
  /** As isReplaying, but false in handlers of queries: they run now, whatever was replayed for them. */
  readonly isReplayingHistoryEvents: boolean
}

/** What `workflowInfo()` returns: facts about the running execution. Reading it is deterministic. */
export interface WorkflowInfo {
  readonly workflowId: string
  readonly runId: string
  readonly firstExecutionRunId: string
  readonly workflowType: string
  readonly namespace: string
  readonly taskQueue: string
  readonly startTime: Date
  readonly runStartTime: Date
  readonly memo?: Readonly<Record<string, unknown>>
  /** As they are kept: lists by name. */
  readonly searchAttributes: Readonly<Record<string, unknown>>
  readonly typedSearchAttributes: TypedSearchAttributes
  /** Events recorded so far. */
  readonly historyLength: number
  /** Bytes recorded so far. */
  readonly historySize: number
  /** True from 10,000 events: time to continue as new. */
  readonly continueAsNewSuggested: boolean
  /** Absent: it is not suggested. */
  readonly suggestedContinueAsNewReasons?: readonly SuggestContinueAsNewReason[]
  /** False: there are no deployment versions here. */
  readonly targetWorkerDeploymentVersionChanged: boolean
  /** From 1: counts the runs that the retry policy of the workflow made. */
  readonly attempt: number
  readonly parent?: ParentWorkflowInfo
  /** The topmost ancestor. Absent: nobody started this execution as a child. */
  readonly root?: RootWorkflowInfo
  /** This run: resets, which would change its id, there are none. */
  readonly originalExecutionRunId: string
  /** The run before this one of the chain. */
  readonly continuedFromExecutionRunId?: string
  /** Of the whole chain of runs. */
  readonly executionTimeoutMs?: number
  readonly executionExpirationTime?: Date
  readonly runTimeoutMs?: number
  /** Default 10,000; kept and shown, a task has no timeout here. */
  readonly taskTimeoutMs: number
  readonly retryPolicy?: RetryPolicy
  readonly cronSchedule?: string
  readonly lastResult?: unknown
  readonly lastFailure?: Error
  readonly priority?: Priority
  readonly unsafe: UnsafeWorkflowInfo
}
