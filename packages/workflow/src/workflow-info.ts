import type { RetryPolicy } from './activity-options.ts'

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
  readonly searchAttributes: Readonly<Record<string, unknown>>
  /** Events recorded so far. */
  readonly historyLength: number
  /** Bytes recorded so far. */
  readonly historySize: number
  /** True from 10,000 events: time to continue as new. */
  readonly continueAsNewSuggested: boolean
  /** From 1: counts the runs that the retry policy of the workflow made. */
  readonly attempt: number
  readonly parent?: { readonly workflowId: string; readonly runId: string; readonly namespace: string }
  /** The topmost ancestor. Absent: nobody started this execution as a child. */
  readonly root?: { readonly workflowId: string; readonly runId: string }
  /** The run before this one of the chain. */
  readonly continuedFromExecutionRunId?: string
  /** Of the whole chain of runs. */
  readonly executionTimeoutMs?: number
  readonly executionExpirationTime?: Date
  readonly runTimeoutMs?: number
  readonly taskTimeoutMs?: number
  readonly retryPolicy?: RetryPolicy
  readonly cronSchedule?: string
  readonly lastResult?: unknown
  readonly lastFailure?: Error
  readonly priority?: { readonly priorityKey?: number }
  readonly unsafe: {
    readonly now: () => number
    /** True while recorded events are applied again. */
    readonly isReplaying: boolean
  }
}
