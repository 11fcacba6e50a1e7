/**
 * Children that workflow code started and has not heard the end of. What the promises of a child come to, and what a
 * cancellation does to it, is decided here; that it is started and asked is the worker's.
 */
import {
  CancelledFailure, ChildWorkflowFailure, type RetryState, TerminatedFailure, WorkflowExecutionAlreadyStartedError,
} from '@perdure/workflow'
import type { ChildRequest, PendingChild as ChildCall, ResolvedChildOptions } from '@perdure/workflow/host'
import type { ChildEvent, ChildWorkflowExecutionClosed } from '../protocol/event.ts'
import type { ClosedStatus } from '../protocol/execution-record.ts'
import { isFinalFailure } from '../protocol/final-failure.ts'
import type { CommandNumber } from '../protocol/ids.ts'
import { encodePayload } from '../protocol/payload-codec.ts'
import { withoutFrames } from '../protocol/user-stack.ts'
import type { ExternalRequests } from './external-requests.ts'
import type { Issuing } from './issuing.ts'
import type { CommandNumbers, PendingChild } from './pending-commands.ts'
import { SeldomMap } from './seldom.ts'

export interface ChildParts {
  readonly issuing: Issuing
  readonly numbers: CommandNumbers
  readonly external: ExternalRequests
  readonly namespace: string
}

export class ChildExecutions {
  readonly pending = new SeldomMap<CommandNumber, PendingChild>()
  /** Some of them are to end with this execution. */
  hasDependants = false
  readonly #parts: ChildParts

  constructor(parts: ChildParts) {
    this.#parts = parts
  }

  start({ workflowType, args, options }: ChildRequest): ChildCall {
    const { issuing, numbers } = this.#parts
    issuing.requireActivation(`child workflow '${workflowType}' was started`)
    const input = issuing.values.encodeArguments(args, `child workflow '${workflowType}'`)
    // Here already, where the code that asks can be told.
    if (options.memo !== undefined) issuing.values.encodeFields(options.memo, `memo of child workflow '${workflowType}'`)
    if (options.searchAttributes !== undefined) {
      encodePayload(options.searchAttributes, `search attributes of child workflow '${workflowType}'`)
    }
    const command = numbers.next(`child workflow '${workflowType}'`)
    const child: PendingChild = {
      command, workflowType, options, input, initiatedAt: issuing.time, activation: issuing.activation, runId: undefined,
      cancelRequested: false, start: Promise.withResolvers(), end: Promise.withResolvers(),
    }
    // Whoever awaits only the one must not be told that the other was rejected unheard.
    child.start.promise.catch(() => undefined)
    child.end.promise.catch(() => undefined)
    this.pending.set(command, child)
    this.hasDependants ||= options.parentClosePolicy !== 'ABANDON'
    issuing.issue({ type: 'StartChildWorkflow', command, child })
    return { command, started: child.start.promise, completed: child.end.promise }
  }

  cancel(command: CommandNumber): void {
    const { issuing, external } = this.#parts
    const child = this.pending.get(command)
    if (child === undefined || child.cancelRequested) return
    issuing.requireActivation(`child workflow '${child.workflowType}' was cancelled`)
    child.cancelRequested = true
    if (child.activation === issuing.activation) {
      issuing.withdraw(command)
      issuing.settleLater(() => this.#cancelled(child, 'Child Workflow execution cancelled before scheduled'))
      return
    }
    const { cancellationType, workflowId = '' } = child.options
    if (cancellationType === 'ABANDON') return issuing.settleLater(() => this.#cancelled(child, 'Child Workflow execution cancelled'))
    const asked = external.cancel({ workflowId, child })
    asked.settled.catch(() => undefined)
    // A Temporal server waits for the end of the child with WAIT_CANCELLATION_REQUESTED too.
    if (cancellationType === 'TRY_CANCEL') issuing.settleLater(() => this.#cancelled(child, 'Child Workflow execution cancelled'))
  }

  accepts(event: ChildEvent): boolean {
    const child = this.pending.get(event.command)
    if (child === undefined) return false
    return event.type === 'ChildWorkflowExecutionClosed' || child.runId === undefined
  }

  apply(event: ChildEvent): void {
    const child = this.pending.get(event.command)
    if (child === undefined || child.workflowType !== event.workflowType || !this.accepts(event)) {
      const expected = `${event.type} for command ${event.command}: child workflow '${event.workflowType}'`
      throw this.#parts.issuing.mismatch(expected, event.command)
    }
    switch (event.type) {
      case 'ChildWorkflowExecutionStarted':
        child.runId = event.runId
        child.start.resolve(event.runId)
        return
      case 'StartChildWorkflowExecutionFailed': {
        this.pending.delete(event.command)
        const error = withoutFrames(() => new WorkflowExecutionAlreadyStartedError(
          'Workflow execution already started', event.workflowId, event.workflowType,
        ))
        child.start.reject(error)
        child.end.reject(error)
        return
      }
      case 'ChildWorkflowExecutionClosed':
        this.pending.delete(event.command)
        this.#closed(child, event)
    }
  }

  #closed(child: PendingChild, event: ChildWorkflowExecutionClosed): void {
    child.runId ??= event.runId
    child.start.resolve(child.runId)
    if (event.status === 'COMPLETED') return child.end.resolve(this.#parts.issuing.values.decode(event.result))
    const { failures } = this.#parts.issuing.values
    const around = (stored: Error | undefined): ChildWorkflowFailure => {
      const cause = closedCause(event.status, stored)
      return this.#failure(child, event.runId, cause, retryStateOf(child.options, event.status, cause))
    }
    child.end.reject(event.failure === '' ? failures.presented(around(undefined)) : failures.decode(event.failure, around))
  }

  #cancelled(child: PendingChild, message: string): void {
    if (!this.pending.delete(child.command)) return
    const cancelled = withoutFrames(() => new CancelledFailure(message))
    const failure = this.#failure(child, child.runId, cancelled, 'NON_RETRYABLE_FAILURE')
    const error = this.#parts.issuing.values.failures.presented(failure)
    child.start.reject(error)
    child.end.reject(error)
  }

  #failure(child: PendingChild, runId: string | undefined, cause: Error, retryState: RetryState): ChildWorkflowFailure {
    const execution = { workflowId: child.options.workflowId ?? '', runId: runId ?? '' }
    return withoutFrames(() => new ChildWorkflowFailure(this.#parts.namespace, execution, child.workflowType, retryState, cause))
  }
}

function closedCause(status: ClosedStatus, cause: Error | undefined): Error {
  if (status === 'CANCELLED' && !(cause instanceof CancelledFailure)) return new CancelledFailure('Workflow execution cancelled', [], cause)
  return cause ?? withoutFrames(() => new TerminatedFailure(`The child workflow ended as ${status}`))
}

/** Why it was not tried again, as far as its options tell. */
function retryStateOf({ retry, runTimeoutMs, executionTimeoutMs }: ResolvedChildOptions, status: ClosedStatus, cause: Error): RetryState {
  if (status === 'CANCELLED' || status === 'TERMINATED') return 'NON_RETRYABLE_FAILURE'
  if (status === 'TIMED_OUT' && runTimeoutMs === undefined && executionTimeoutMs !== undefined) return 'TIMEOUT'
  if (retry === undefined) return 'RETRY_POLICY_NOT_SET'
  if (isFinalFailure(cause, retry.nonRetryableErrorTypes)) return 'NON_RETRYABLE_FAILURE'
  return retry.maximumAttempts > 0 ? 'MAXIMUM_ATTEMPTS_REACHED' : 'TIMEOUT'
}
