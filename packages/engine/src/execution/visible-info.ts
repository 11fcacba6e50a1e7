/** What workflowInfo() gives: what a run was started with, and how it stands. */
import { TypedSearchAttributes, type WorkflowInfo } from '@perdure/workflow'
import type { LiveExecutionParts } from './live-execution-parts.ts'
import type { VisibleState } from './visible-state.ts'

export interface RunState {
  /** What the code has changed of memo and search attributes. */
  readonly changed: VisibleState | undefined
  readonly historyLength: number
  readonly historySize: number
  readonly isReplaying: boolean
  /** The handler of a query asks. */
  readonly inQuery: boolean
}

/** Temporal's default; it is shown, nothing depends on it. */
const taskTimeoutMsDefault = 10_000

export function visibleInfo(parts: LiveExecutionParts, state: RunState): WorkflowInfo {
  const started = parts.info()
  const { changed, historyLength, historySize, isReplaying, inQuery } = state
  const searchAttributes = changed?.searchAttributes ?? started.searchAttributes
  const continueAsNewSuggested = historyLength >= parts.historyEventsSuggested
  return {
    ...started,
    ...(changed?.memo === undefined ? {} : { memo: changed.memo }),
    searchAttributes, typedSearchAttributes: TypedSearchAttributes.fromPlain(searchAttributes),
    originalExecutionRunId: started.runId, taskTimeoutMs: started.taskTimeoutMs ?? taskTimeoutMsDefault,
    historyLength, historySize, continueAsNewSuggested,
    ...(continueAsNewSuggested ? { suggestedContinueAsNewReasons: ['TOO_MANY_HISTORY_EVENTS'] } : {}),
    targetWorkerDeploymentVersionChanged: false,
    unsafe: { now: parts.wallClock, isReplaying, isReplayingHistoryEvents: isReplaying && !inQuery },
  }
}
