/** What the engine needs and authors do not: the entry `@perdure/workflow/host`. */
export { mergeActivityOptions, resolveActivityOptions } from './activity-options-resolver.ts'
export { currentActivityOrNone, setActivityRuntime } from './activity-host.ts'
export type { ActivityHost, ActivityInfo, ActivityRuntime } from './activity-host.ts'
export { createRootScope, sleepIn, startTimer } from './cancellation-scope.ts'
export { brandClass } from './class-brand.ts'
export { durationMsMax, durationToMs, timerMs } from './duration.ts'
export { describeThrown, ensureApplicationFailure, isError, thrownType } from './failure.ts'
export { currentScopeOrNone, setWorkflowRuntime, workflowRuntime } from './host.ts'
export type {
  ActivityRequest, LogLevel, PendingCommand, QueryHandler, ResolvedActivityOptions, ResolvedRetryPolicy, SignalHandler, WorkflowHost,
  WorkflowRuntime, WorkflowScope,
} from './host.ts'
export { didYouMean, nearMatches, registeredHint, unknownOptionHint } from './near-match.ts'
export { PerdureError } from './perdure-error.ts'
