/** What a client throws: the names of `@temporalio/client`'s errors, each with a code of docs/errors.md. */
import type { RetryState } from '@perdure/workflow'
import { brandClass } from '@perdure/workflow/host'
import { PerdureError } from '../error.ts'
import type { ExecutionStatus } from '../protocol/execution-record.ts'

/**
 * The execution closed without a result. The message has the chain of causes in one line; `cause` is the first of them
 * (ActivityFailure, ApplicationFailure, CancelledFailure, TerminatedFailure, ...; or what a failure converter made of it).
 */
export class WorkflowFailedError extends PerdureError {
  declare readonly cause: Error | undefined
  readonly retryState: RetryState
  readonly workflowId: string | undefined
  readonly runId: string | undefined
  constructor(
    message: string, cause: Error | undefined, retryState: RetryState,
    execution?: { readonly workflowId: string; readonly runId: string },
  ) {
    super('WORKFLOW_FAILED', message, cause === undefined ? undefined : { cause })
    this.retryState = retryState
    this.workflowId = execution?.workflowId
    this.runId = execution?.runId
  }
}
brandClass(WorkflowFailedError, 'WorkflowFailedError')

/** The run whose result was awaited continued as new, and following its chain was not asked for (`followRuns: false`). */
export class WorkflowContinuedAsNewError extends PerdureError {
  readonly newExecutionRunId: string
  constructor(message: string, newExecutionRunId: string) {
    super('WORKFLOW_CONTINUED_AS_NEW', message)
    this.newExecutionRunId = newExecutionRunId
  }
}
brandClass(WorkflowContinuedAsNewError, 'WorkflowContinuedAsNewError')

/**
 * The validator refused the update (UPDATE_REJECTED), there is no handler for it (UPDATE_NOT_REGISTERED), or its handler failed
 * (UPDATE_FAILED); `cause` is the failure.
 */
export class WorkflowUpdateFailedError extends PerdureError {
  declare readonly cause: Error | undefined
  constructor(code: 'UPDATE_REJECTED' | 'UPDATE_NOT_REGISTERED' | 'UPDATE_FAILED', message: string, cause: Error | undefined) {
    super(code, message, cause === undefined ? undefined : { cause })
  }
}
brandClass(WorkflowUpdateFailedError, 'WorkflowUpdateFailedError')

/** The `timeout` of the waiting is over. The update is not ended by that: ask for it again with its id. */
export class WorkflowUpdateRPCTimeoutOrCancelledError extends PerdureError {
  constructor(message: string) {
    super('UPDATE_TIMED_OUT', message)
  }
}
brandClass(WorkflowUpdateRPCTimeoutOrCancelledError, 'WorkflowUpdateRPCTimeoutOrCancelledError')

/** An execution holds the workflow id, or the reuse policy keeps it. */
export class WorkflowExecutionAlreadyStartedError extends PerdureError {
  readonly workflowId: string
  readonly workflowType: string
  /** Of the execution that holds the id. */
  readonly runId: string
  constructor(message: string, workflowId: string, workflowType: string, runId: string) {
    super('WORKFLOW_ALREADY_STARTED', message)
    this.workflowId = workflowId
    this.workflowType = workflowType
    this.runId = runId
  }
}
brandClass(WorkflowExecutionAlreadyStartedError, 'WorkflowExecutionAlreadyStartedError')

/** There is no such execution (or update: UPDATE_NOT_FOUND); or it is closed, and was signalled, updated or terminated. */
export class WorkflowNotFoundError extends PerdureError {
  readonly workflowId: string
  readonly runId: string | undefined
  constructor(message: string, workflowId: string, runId: string | undefined, missing: 'workflow' | 'update' = 'workflow') {
    super(missing === 'update' ? 'UPDATE_NOT_FOUND' : 'WORKFLOW_NOT_FOUND', message)
    this.workflowId = workflowId
    this.runId = runId
  }
}
brandClass(WorkflowNotFoundError, 'WorkflowNotFoundError')

/** The workflow answered a query with an error: no handler of that name (QUERY_NOT_REGISTERED), or it threw (QUERY_FAILED). */
export class QueryNotRegisteredError extends PerdureError {}
brandClass(QueryNotRegisteredError, 'QueryNotRegisteredError')

/** The execution is not as the query's `queryRejectCondition` wants it. */
export class QueryRejectedError extends PerdureError {
  readonly status: ExecutionStatus
  constructor(message: string, status: ExecutionStatus) {
    super('QUERY_REJECTED', message)
    this.status = status
  }
}
brandClass(QueryRejectedError, 'QueryRejectedError')

/** Nobody answered the query in time. */
export class QueryTimedOutError extends PerdureError {
  constructor(message: string) {
    super('QUERY_TIMED_OUT', message)
  }
}
brandClass(QueryTimedOutError, 'QueryTimedOutError')

/** The `timeout` of the waiting is over; the execution is not ended by that. The message says how it stands. */
export class ResultTimeoutError extends PerdureError {
  readonly workflowId: string
  readonly runId: string
  constructor(message: string, workflowId: string, runId: string) {
    super('RESULT_TIMEOUT', message)
    this.workflowId = workflowId
    this.runId = runId
  }
}
brandClass(ResultTimeoutError, 'ResultTimeoutError')
