/**
 * Failures to payloads and back: one line of JSON with the kind, message, stack and cause chain.
 * Encoding never throws: it is how a failure is recorded, so what cannot be kept is replaced by a note that says so.
 */
import {
  ActivityFailure, ApplicationFailure, type ApplicationFailureCategory, CancelledFailure, ChildWorkflowFailure, type RetryState,
  ServerFailure, TemporalFailure, TerminatedFailure, TimeoutFailure, type TimeoutType,
} from '@perdure/workflow'
import { describeThrown, durationToMs, isError, thrownType } from '@perdure/workflow/host'
import { failureCausesMax, failureTextCharactersMax, payloadBytesMax } from '../limits.ts'
import { decodePayload, encodePayload } from './payload-codec.ts'
import { PayloadError } from './payload-error.ts'
import type { Payload } from './payload.ts'
import { userStack, withoutFrames } from './user-stack.ts'

/** What a stored failure looks like. Fields without a value are left out. */
interface StoredFailure extends KindFields {
  readonly kind: FailureKind
  readonly message: string
  readonly source: 'perdure'
  readonly stackTrace?: string
  readonly cause?: StoredFailure
}

type FailureKind = 'application' | 'cancelled' | 'terminated' | 'timeout' | 'activity' | 'childWorkflow' | 'server' | 'other'

interface KindFields {
  readonly type?: string
  readonly nonRetryable?: boolean
  readonly details?: readonly unknown[]
  readonly nextRetryDelayMs?: number
  readonly category?: ApplicationFailureCategory
  readonly lastHeartbeatDetails?: unknown
  readonly timeoutType?: TimeoutType
  readonly activityType?: string
  readonly activityId?: string
  readonly retryState?: RetryState
  readonly identity?: string
  readonly namespace?: string
  readonly workflowId?: string
  readonly runId?: string
  readonly workflowType?: string
}

/** What one encoding may keep; taken back step by step when the whole is too large. */
interface Keep {
  readonly causes: number
  readonly details: boolean
}

const keeps: readonly Keep[] = [
  { causes: failureCausesMax, details: true }, { causes: failureCausesMax, details: false }, { causes: 0, details: false },
]

const unreadable: StoredFailure = { kind: 'application', message: 'What was thrown cannot be read', source: 'perdure' }

export function encodeFailure(error: unknown): Payload {
  try {
    for (const keep of keeps) {
      const text = JSON.stringify(stored(error, keep, 0))
      if (text.length * 3 <= payloadBytesMax || Buffer.byteLength(text) <= payloadBytesMax) return text as Payload
    }
  } catch {
    // A getter or a proxy of the thrown value threw: there is nothing to be had from it.
  }
  return JSON.stringify(unreadable) as Payload
}

/** @throws PayloadError PAYLOAD_UNREADABLE */
export function decodeFailure(payload: Payload): TemporalFailure {
  const value = decodePayload(payload)
  if (isStoredFailure(value)) return revived(value)
  const start = JSON.stringify(payload.slice(0, 40))
  throw new PayloadError('PAYLOAD_UNREADABLE', `A stored failure cannot be read: it has no kind; it begins with ${start}`)
}

function isStoredFailure(value: unknown): value is StoredFailure {
  return typeof value === 'object' && value !== null && typeof (value as Partial<StoredFailure>).kind === 'string'
}

const causesLeftOut: StoredFailure = { kind: 'other', message: '[further causes were left out]', source: 'perdure' }

function stored(thrown: unknown, keep: Keep, depth: number): StoredFailure {
  const kind = kindOf(thrown)
  const message = cut(thrown instanceof TemporalFailure ? thrown.message : describeThrown(thrown))
  const stackTrace = isError(thrown) && typeof thrown.stack === 'string' && thrown.stack !== '' ? cut(userStack(thrown.stack)) : undefined
  const cause = causeOf(thrown)
  return {
    kind, message, source: 'perdure',
    ...(stackTrace === undefined ? {} : { stackTrace }),
    ...fieldsOf(thrown, kind, keep),
    ...(cause === undefined ? {} : { cause: depth < keep.causes ? stored(cause, keep, depth + 1) : causesLeftOut }),
  }
}

function kindOf(thrown: unknown): FailureKind {
  if (!(thrown instanceof TemporalFailure)) return 'application'
  if (thrown instanceof ApplicationFailure) return 'application'
  if (thrown instanceof ActivityFailure) return 'activity'
  if (thrown instanceof CancelledFailure) return 'cancelled'
  if (thrown instanceof TimeoutFailure) return 'timeout'
  if (thrown instanceof ChildWorkflowFailure) return 'childWorkflow'
  if (thrown instanceof TerminatedFailure) return 'terminated'
  return thrown instanceof ServerFailure ? 'server' : 'other'
}

function causeOf(thrown: unknown): unknown {
  if (!isError(thrown)) return undefined
  if (thrown.cause !== undefined && thrown.cause !== null) return thrown.cause
  const { errors } = thrown as { errors?: unknown }
  return Array.isArray(errors) && isError(errors[0]) ? errors[0] : undefined
}

function fieldsOf(thrown: unknown, kind: FailureKind, keep: Keep): KindFields {
  switch (kind) {
    case 'application':
      if (thrown instanceof ApplicationFailure) return applicationFields(thrown, keep)
      return given({ type: thrownType(thrown), nonRetryable: false })
    case 'cancelled':
      return { details: storedDetails((thrown as CancelledFailure).details, keep) }
    case 'timeout': {
      const { lastHeartbeatDetails, timeoutType } = thrown as TimeoutFailure
      const [last] = lastHeartbeatDetails === undefined ? [] : storedDetails([lastHeartbeatDetails], keep)
      return given({ lastHeartbeatDetails: last, timeoutType })
    }
    case 'activity': {
      const { activityType, activityId, retryState, identity } = thrown as ActivityFailure
      return given({ activityType, activityId, retryState, identity })
    }
    case 'childWorkflow': {
      const { namespace, execution, workflowType, retryState } = thrown as ChildWorkflowFailure
      const { workflowId, runId } = execution
      return given({ namespace, workflowId: workflowId ?? undefined, runId: runId ?? undefined, workflowType, retryState })
    }
    case 'server':
      return { nonRetryable: (thrown as ServerFailure).nonRetryable }
    case 'terminated':
    case 'other':
      return {}
  }
}

function applicationFields(failure: ApplicationFailure, keep: Keep): KindFields {
  return given({
    type: failure.type ?? undefined,
    nonRetryable: failure.nonRetryable ?? false,
    details: isGiven(failure.details) ? storedDetails(failure.details, keep) : undefined,
    nextRetryDelayMs: retryDelayMs(failure.nextRetryDelay),
    category: failure.category ?? undefined,
  })
}

/** A wrong delay must not hide the failure that carries it: the retry policy's interval holds then. */
export function retryDelayMs(delay: number | string | null | undefined): number | undefined {
  if (!isGiven(delay)) return undefined
  try {
    return durationToMs(delay, 'nextRetryDelay')
  } catch {
    return undefined
  }
}

function storedDetails(given: unknown, keep: Keep): unknown[] {
  const details = Array.isArray(given) ? given as unknown[] : [given]
  if (!keep.details) return details.length === 0 ? [] : ['[details were left out: the failure was too large]']
  return details.map(storedDetail)
}

function storedDetail(detail: unknown, index: number): unknown {
  try {
    return decodePayload(encodePayload(detail, `detail ${index + 1}`)) ?? null
  } catch (error) {
    return `[left out: ${error instanceof Error ? error.message : String(error)}]`
  }
}

/** At most the limit, the note included, so that a failure encoded again stays as it is. */
function cut(text: string): string {
  if (text.length <= failureTextCharactersMax) return text.toWellFormed()
  const kept = failureTextCharactersMax - noteCharacters
  return `${text.slice(0, kept).toWellFormed()} [${text.length - kept} more characters were cut]`
}
const noteCharacters = 64

function revived(failure: StoredFailure): TemporalFailure {
  const cause = failure.cause === undefined ? undefined : revived(failure.cause)
  // The stack is replaced at once; capturing it is nine tenths of the cost.
  const error = withoutFrames(() => instantiated(failure, cause))
  if (cause !== undefined && error.cause === undefined) {
    Object.defineProperty(error, 'cause', { value: cause, configurable: true, writable: true, enumerable: false })
  }
  error.stack = failure.stackTrace ?? ''
  return error
}

function instantiated(failure: StoredFailure, cause: TemporalFailure | undefined): TemporalFailure {
  const { message } = failure
  switch (failure.kind) {
    case 'application':
      return new ApplicationFailure(
        message, failure.type, failure.nonRetryable ?? false, failure.details === undefined ? undefined : [...failure.details], cause,
        failure.nextRetryDelayMs, failure.category,
      )
    case 'cancelled':
      return new CancelledFailure(message, [...(failure.details ?? [])], cause)
    case 'timeout':
      return new TimeoutFailure(message, failure.lastHeartbeatDetails, failure.timeoutType ?? 'START_TO_CLOSE')
    case 'activity': {
      const { activityType = 'unknown', activityId, retryState = 'IN_PROGRESS', identity } = failure
      return new ActivityFailure(message, activityType, activityId, retryState, identity, cause)
    }
    case 'childWorkflow': {
      const { namespace, workflowId, runId, workflowType = 'unknown', retryState = 'IN_PROGRESS' } = failure
      return new ChildWorkflowFailure(namespace, given({ workflowId, runId }), workflowType, retryState, cause)
    }
    case 'terminated':
      return new TerminatedFailure(message, cause)
    case 'server':
      return new ServerFailure(message, failure.nonRetryable ?? false, cause)
    default:
      return new TemporalFailure(message, cause)
  }
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== undefined && value !== null
}

/** Without the members that are undefined. */
function given<T extends object>(fields: { readonly [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T
}
