export { PerdureError } from './error.ts'
export {
  batchBytesMax, batchTransitionsMax, historyBytesMax, historyEventsMax, historyEventsSuggested, idCharactersMax, leaseMs, lockTimeoutMs,
  mainStalledMs, payloadBytesMax, payloadBytesWarn, takeoversMax, takeoversSuspect, takeoverWindowMs, tickMs,
} from './limits.ts'
export type { Clock } from './ports/clock.ts'
export type { Logger } from './ports/logger.ts'
export type { Notifier } from './ports/notifier.ts'
export {
  SchemaTooNewError, StoreBusyError, StoreCorruptError, StoreOutcomeUnknownError, StoreReadOnlyError, StoreRejectedError,
  StoreUnavailableError,
} from './ports/store-error.ts'
export type {
  BeatOutcome, ClaimedExecution, ClaimRequest, ClosedExecution, ExecutionFilter, LeaseKeeper, ListRequest, Look, QueryAsked, QueryReply,
  Serving, Store, Suspect, TaskBeat, TerminateOutcome, TerminateRequest, WorkerRecord, WorkerRegistration,
} from './ports/store.ts'
export type { ActivityTask, TaskEnd, TaskPost, TaskRetry } from './protocol/activity-task.ts'
export { executionStatuses } from './protocol/execution-record.ts'
export type { ClosedStatus, ExecutionRecord, ExecutionStatus, Held, HeldCode } from './protocol/execution-record.ts'
export { asIncarnation, asRunId, isRunId } from './protocol/ids.ts'
export type { CommandNumber, Incarnation, Millis, RunId } from './protocol/ids.ts'
export type { InboxMessage, InboxPost, PostOutcome } from './protocol/inbox-message.ts'
export { emptyPayload } from './protocol/payload.ts'
export type { Payload } from './protocol/payload.ts'
export { terminatedByStart } from './protocol/terminated-by-start.ts'
export type {
  Close, CommitBatch, CommitOutcome, EventRecord, IdConflictPolicy, IdReusePolicy, Release, StartOutcome, StartRecord, Transition,
  TransitionOutcome,
} from './protocol/transition.ts'
