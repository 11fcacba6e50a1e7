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
  readonly attempt: number
  readonly unsafe: {
    readonly now: () => number
    /** True while recorded events are applied again. */
    readonly isReplaying: boolean
  }
}
