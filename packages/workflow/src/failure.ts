/**
 * Failures: what went wrong with a user's work, as durable data. Names, constructors and fields are Temporal's.
 * A failure can be stored, sent and thrown again elsewhere; any other error becomes an ApplicationFailure on the way.
 * @see https://docs.temporal.io/references/failures
 */
import { brandClass } from './class-brand.ts'
import type { Duration } from './duration.ts'
import type { ApplicationFailureCategory, RetryState, TimeoutType } from './failure-kinds.ts'

/** What all failures have in common. Throw ApplicationFailure; the others are made by the engine. */
export class TemporalFailure extends Error {
  declare readonly cause?: Error
  constructor(message?: string | null, cause?: Error) {
    super(message ?? undefined, cause === undefined ? undefined : { cause })
  }
}

/** A failure of the engine, not of the user's code. */
export class ServerFailure extends TemporalFailure {
  readonly nonRetryable: boolean
  constructor(message: string | undefined, nonRetryable: boolean, cause?: Error) {
    super(message, cause)
    this.nonRetryable = nonRetryable
  }
}

export interface ApplicationFailureOptions {
  readonly message?: string
  /** Matched against nonRetryableErrorTypes of the retry policy. */
  readonly type?: string
  /** Default false. */
  readonly nonRetryable?: boolean
  /** Any JSON values. */
  readonly details?: unknown[]
  /** Pause before the next attempt, in place of the retry policy's. */
  readonly nextRetryDelay?: Duration
  readonly cause?: Error
  readonly category?: ApplicationFailureCategory
}

/**
 * The failure that user code throws.
 * @example throw ApplicationFailure.nonRetryable('card expired', 'CardExpired', { card: last4 })
 */
export class ApplicationFailure extends TemporalFailure {
  readonly type?: string | undefined | null
  readonly nonRetryable?: boolean | undefined | null
  readonly details?: unknown[] | undefined | null
  readonly nextRetryDelay?: Duration | undefined | null
  readonly category?: ApplicationFailureCategory | undefined | null

  constructor(
    message?: string | null, type?: string | null, nonRetryable?: boolean | null, details?: unknown[] | null, cause?: Error,
    nextRetryDelay?: Duration | null, category?: ApplicationFailureCategory | null,
  ) {
    super(message, cause)
    this.type = type
    this.nonRetryable = nonRetryable
    this.details = details
    this.nextRetryDelay = nextRetryDelay
    this.category = category
  }

  /** From any error (its class name becomes the type), with some fields set otherwise. */
  static fromError(error: unknown, overrides?: ApplicationFailureOptions): ApplicationFailure {
    const failure = ensureApplicationFailure(error)
    if (overrides === undefined) return failure
    const { message, type, nonRetryable, details, cause, nextRetryDelay, category } = overrides
    const changed = new ApplicationFailure(
      message ?? failure.message, type ?? failure.type, nonRetryable ?? failure.nonRetryable, details ?? failure.details,
      cause ?? failure.cause, nextRetryDelay ?? failure.nextRetryDelay, category ?? failure.category,
    )
    if (failure.stack !== undefined) changed.stack = failure.stack
    return changed
  }

  /** Retried, unless nonRetryable is set or the retry policy names its type. */
  static create(options: ApplicationFailureOptions): ApplicationFailure {
    const { message, type, nonRetryable = false, details, nextRetryDelay, cause, category } = options
    return new ApplicationFailure(message, type, nonRetryable, details, cause, nextRetryDelay, category)
  }

  /** Retried, unless the retry policy names its type. */
  static retryable(message?: string | null, type?: string | null, ...details: unknown[]): ApplicationFailure {
    return new ApplicationFailure(message, type ?? 'Error', false, details)
  }

  /** Never retried. */
  static nonRetryable(message?: string | null, type?: string | null, ...details: unknown[]): ApplicationFailure {
    return new ApplicationFailure(message, type ?? 'Error', true, details)
  }
}

/**
 * Something was asked to stop. Let it pass to stop; catch it to go on or to clean up (in a non-cancellable scope).
 * @see isCancellation
 */
export class CancelledFailure extends TemporalFailure {
  readonly details: unknown[]
  constructor(message: string | undefined, details: unknown[] = [], cause?: Error) {
    super(message, cause)
    this.details = details
  }
}

/** An execution was ended from outside, without running its code. */
export class TerminatedFailure extends TemporalFailure {}

/** A timeout ran out; lastHeartbeatDetails is what the activity last reported. */
export class TimeoutFailure extends TemporalFailure {
  readonly lastHeartbeatDetails: unknown
  readonly timeoutType: TimeoutType
  constructor(message: string | undefined, lastHeartbeatDetails: unknown, timeoutType: TimeoutType) {
    super(message)
    this.lastHeartbeatDetails = lastHeartbeatDetails
    this.timeoutType = timeoutType
  }
}

/** An activity failed for good; the reason is its cause. */
export class ActivityFailure extends TemporalFailure {
  readonly activityType: string
  readonly activityId: string | undefined
  readonly retryState: RetryState
  /** Of the worker that ran the last attempt. */
  readonly identity: string | undefined

  constructor(
    message: string | undefined, activityType: string, activityId: string | undefined, retryState: RetryState,
    identity: string | undefined, cause?: Error,
  ) {
    super(message, cause)
    this.activityType = activityType
    this.activityId = activityId
    this.retryState = retryState
    this.identity = identity
  }
}

/** A child workflow failed; the reason is its cause. */
export class ChildWorkflowFailure extends TemporalFailure {
  readonly namespace: string | undefined
  readonly execution: { readonly workflowId?: string | null; readonly runId?: string | null }
  readonly workflowType: string
  readonly retryState: RetryState

  constructor(
    namespace: string | undefined, execution: ChildWorkflowFailure['execution'], workflowType: string, retryState: RetryState,
    cause?: Error,
  ) {
    super('Child Workflow execution failed', cause)
    this.namespace = namespace
    this.execution = execution
    this.workflowType = workflowType
    this.retryState = retryState
  }
}

/** A child was not started: its workflow id is taken, or its reuse policy keeps it. */
export class WorkflowExecutionAlreadyStartedError extends TemporalFailure {
  readonly workflowId: string
  readonly workflowType: string
  constructor(message: string, workflowId: string, workflowType: string) {
    super(message)
    this.workflowId = workflowId
    this.workflowType = workflowType
  }
}

brandClass(TemporalFailure, 'TemporalFailure')
brandClass(ServerFailure, 'ServerFailure')
brandClass(ApplicationFailure, 'ApplicationFailure')
brandClass(CancelledFailure, 'CancelledFailure')
brandClass(TerminatedFailure, 'TerminatedFailure')
brandClass(TimeoutFailure, 'TimeoutFailure')
brandClass(ActivityFailure, 'ActivityFailure')
brandClass(ChildWorkflowFailure, 'ChildWorkflowFailure')
brandClass(WorkflowExecutionAlreadyStartedError, 'WorkflowExecutionAlreadyStartedError')

/** True for a CancelledFailure, and for the failure of an activity or child workflow that was cancelled. */
export function isCancellation(error: unknown): boolean {
  if (error instanceof CancelledFailure) return true
  return (error instanceof ActivityFailure || error instanceof ChildWorkflowFailure) && error.cause instanceof CancelledFailure
}

/** Message at the end of a failure's chain of causes; of another error its own message. */
export function rootCause(error: unknown): string | undefined {
  let current = error
  for (let depth = 0; depth < causeDepthMax; depth++) {
    if (!(current instanceof TemporalFailure) || current.cause === undefined) break
    current = current.cause
  }
  return messageOf(current)
}

/** Chains may be circular. */
const causeDepthMax = 1_000

/** An ApplicationFailure as it is; anything else thrown becomes one, its class name the type. */
export function ensureApplicationFailure(thrown: unknown): ApplicationFailure {
  if (thrown instanceof ApplicationFailure) return thrown
  const cause = (thrown as { cause?: unknown } | null | undefined)?.cause
  const failure = new ApplicationFailure(describeThrown(thrown), thrownType(thrown), false, null, isError(cause) ? cause : undefined)
  failure.stack = isError(thrown) ? (thrown.stack ?? '') : ''
  return failure
}

/** Name of the class, never `error.name`: that is what nonRetryableErrorTypes are matched against. */
export function thrownType(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null) return undefined
  const { constructor } = thrown
  return typeof constructor === 'function' && constructor.name !== '' ? constructor.name : undefined
}

/** The message of an error; for anything else thrown, a sentence that shows it. */
export function describeThrown(thrown: unknown): string {
  const message = messageOf(thrown)
  if (message === undefined) return `A value that is not an Error was thrown: ${show(thrown)}`
  if (message !== '') return message
  const parts = (thrown as { errors?: unknown }).errors
  if (!Array.isArray(parts)) return message
  return parts.slice(0, 10).map((part) => messageOf(part) ?? show(part)).join('; ')
}

function messageOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { message } = value as { message?: unknown }
  return typeof message === 'string' ? message : undefined
}

export function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]'
}

function show(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? JSON.stringify(value) : String(value)
  try {
    return JSON.stringify(value).slice(0, shownCharactersMax)
  } catch {
    return Object.prototype.toString.call(value)
  }
}
const shownCharactersMax = 1_000
