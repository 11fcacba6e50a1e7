/** What a stored failure looks like: one line of JSON with the kind, message, stack and cause chain. */
import type { ApplicationFailureCategory, RetryState, TimeoutType } from '@perdure/workflow'
import { decodePayload } from './payload-codec.ts'
import { PayloadError } from './payload-error.ts'
import type { Payload } from './payload.ts'

/** Fields without a value are left out. */
export interface StoredFailure extends KindFields {
  readonly kind: FailureKind
  readonly message: string
  readonly source: 'perdure'
  readonly stackTrace?: string
  /** What a failure converter put in place of message and stack: the stored text of a payload. */
  readonly encodedAttributes?: string
  /**
   * The stored text of each detail, or of the last heartbeat, where one of them is no JSON. In `details` and `lastHeartbeatDetails`
   * stands then what whoever has no converter is shown.
   */
  readonly payloads?: readonly string[]
  readonly cause?: StoredFailure
}

export type FailureKind = 'application' | 'cancelled' | 'terminated' | 'timeout' | 'activity' | 'childWorkflow' | 'server' | 'other'

export interface KindFields {
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

/** In place of a thrown value whose getters threw: there is nothing to be had from it. */
export const unreadableFailure: StoredFailure = { kind: 'application', message: 'What was thrown cannot be read', source: 'perdure' }

export const causesLeftOut: StoredFailure = { kind: 'other', message: '[further causes were left out]', source: 'perdure' }

export const detailsLeftOut = '[details were left out: the failure was too large]'

/** @throws PayloadError PAYLOAD_UNREADABLE */
export function readStoredFailure(payload: Payload): StoredFailure {
  const value = decodePayload(payload)
  if (isStoredFailure(value)) return value
  const start = JSON.stringify(payload.slice(0, 40))
  throw new PayloadError('PAYLOAD_UNREADABLE', `A stored failure cannot be read: it has no kind; it begins with ${start}`)
}

function isStoredFailure(value: unknown): value is StoredFailure {
  return typeof value === 'object' && value !== null && typeof (value as Partial<StoredFailure>).kind === 'string'
}
