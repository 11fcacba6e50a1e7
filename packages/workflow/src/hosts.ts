/** What the engine needs and authors do not: the entry `@perdure/workflow/host`. */
export { mergeActivityOptions, resolveActivityOptions, resolveLocalActivityOptions } from './activity-options-resolver.ts'
export { currentActivityOrNone, setActivityRuntime } from './activity-host.ts'
export type { ActivityHost, ActivityInfo, ActivityRuntime } from './activity-host.ts'
export type { AsyncStorage } from './async-storage.ts'
export { createRootScope, sleepIn, startTimer } from './cancellation-scope.ts'
export { brandClass } from './class-brand.ts'
export { isContinueAsNew } from './continue-as-new.ts'
export { durationMsMax, durationToMs, timerMs } from './duration.ts'
export { describeThrown, ensureApplicationFailure, isError, thrownType } from './failure.ts'
export { currentScopeOrNone, setWorkflowRuntime, workflowRuntime } from './host.ts'
export type {
  ActivityRequest, ChildRequest, ContinueAsNewRequest, LogLevel, PendingChild, PendingCommand, PendingCondition, QueryHandler,
  QueryHandlerFacts, RandomNumbers, ResolvedActivityOptions, ResolvedChildOptions, ResolvedRetryPolicy, SignalHandler, SignalHandlerFacts,
  UpdateHandler, WorkflowHost, WorkflowRuntime, WorkflowScope, WorkflowTarget,
} from './host.ts'
export { composeInterceptors } from './interceptor-composition.ts'
export { idBytesMax, idCharactersMax, idProblem, idRemedy } from './id-problem.ts'
export { didYouMean, nearMatches, registeredHint, unknownOptionHint } from './near-match.ts'
export type { CheckedCall } from './option-checks.ts'
export { PerdureError } from './perdure-error.ts'
export { currentRandom } from './random-stream.ts'
export { resolveRetryPolicy } from './retry-policy-resolver.ts'
export { plainSearchAttributes } from './search-attributes.ts'
export type { PlainSearchAttributes } from './search-attributes.ts'
export { runUpdate } from './update-context.ts'
export { workflowDefinitionOf, workflowTypeOf } from './workflow-definition.ts'
