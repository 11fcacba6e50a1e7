/** What a client throws: the names of `@temporalio/client`'s errors, each with a code of docs/errors.md. */
import type { RetryState, TemporalFailure } from '@perdure/workflow'
import { brandClass } from '@perdure/workflow/host'
import { PerdureError } from '../error.ts'

/**
 * The execution closed without a result. The message has the chain of causes in one line; `cause` is the first of them
 * (ActivityFailure, ApplicationFailure, CancelledFailure, TerminatedFailure, ...).
 */
export class WorkflowFailedError extends PerdureError {
  declare readonly cause: TemporalFailure | undefined
  readonly retryState: RetryState
  readonly workflowId: string | undefined
  readonly runId: string | undefined
  constructor(
    message: string, cause: TemporalFailure | undefined, retryState: RetryState,
    execution?: { readonly workflowId: string; readonly runId: string },
  ) {
    super('WORKFLOW_FAILED', message, cause === undefined ? undefined : { cause })
    this.retryState = retryState
    this.workflowId = execution?.workflowId
    this.runId = execution?.runId
  }
}
brandClass(WorkflowFailedError, 'WorkflowFailedError')

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

/** There is no such execution; or it is closed, and was signalled or terminated. */
export class WorkflowNotFoundError extends PerdureError {
  readonly workflowId: string
  readonly runId: string | undefined
  constructor(message: string, workflowId: string, runId: string | undefined) {
    super('WORKFLOW_NOT_FOUND', message)
    this.workflowId = workflowId
    this.runId = runId
  }
}
brandClass(WorkflowNotFoundError, 'WorkflowNotFoundError')

/** The workflow answered a query with an error: no handler of that name (QUERY_NOT_REGISTERED), or it threw (QUERY_FAILED). */
export class QueryNotRegisteredError extends PerdureError {}
brandClass(QueryNotRegisteredError, 'QueryNotRegisteredError')

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
