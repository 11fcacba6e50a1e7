/** Failures as failure converters see them: the shape of Temporal's protobuf message, as plain objects. */
import type { ApplicationFailureCategory, Payload, RetryState, TimeoutType } from '@perdure/workflow'

export interface ProtoPayloads {
  payloads?: Payload[] | null
}

/** Enumerations are numbers, as protobuf has them; read, their names are taken too. At most one of the `...Info` is there. */
export interface ProtoFailure {
  message?: string | null
  source?: string | null
  stackTrace?: string | null
  /** In place of message and stack: see DefaultEncodedFailureAttributes. */
  encodedAttributes?: Payload | null
  cause?: ProtoFailure | null
  applicationFailureInfo?: {
    type?: string | null
    nonRetryable?: boolean | null
    details?: ProtoPayloads | null
    nextRetryDelay?: ProtoDuration | null
    /** 1 BENIGN. */
    category?: number | null
  } | null
  timeoutFailureInfo?: {
    /** 1 START_TO_CLOSE, 2 SCHEDULE_TO_START, 3 SCHEDULE_TO_CLOSE, 4 HEARTBEAT. */
    timeoutType?: number | null
    lastHeartbeatDetails?: ProtoPayloads | null
  } | null
  canceledFailureInfo?: { details?: ProtoPayloads | null } | null
  terminatedFailureInfo?: object | null
  serverFailureInfo?: { nonRetryable?: boolean | null } | null
  resetWorkflowFailureInfo?: { lastHeartbeatDetails?: ProtoPayloads | null } | null
  activityFailureInfo?: {
    identity?: string | null
    activityType?: { name?: string | null } | null
    activityId?: string | null
    retryState?: number | null
  } | null
  childWorkflowExecutionFailureInfo?: {
    namespace?: string | null
    workflowExecution?: { workflowId?: string | null; runId?: string | null } | null
    workflowType?: { name?: string | null } | null
    retryState?: number | null
  } | null
}

/** Seconds may be an object of protobuf's for numbers of 64 bits. */
export interface ProtoDuration {
  seconds?: number | { toNumber(): number } | null
  nanos?: number | null
}

const timeoutTypes: readonly TimeoutType[] = ['START_TO_CLOSE', 'SCHEDULE_TO_START', 'SCHEDULE_TO_CLOSE', 'HEARTBEAT']
const retryStates: readonly RetryState[] = [
  'IN_PROGRESS', 'NON_RETRYABLE_FAILURE', 'TIMEOUT', 'MAXIMUM_ATTEMPTS_REACHED', 'RETRY_POLICY_NOT_SET', 'INTERNAL_SERVER_ERROR',
  'CANCEL_REQUESTED',
]
const categories: readonly ApplicationFailureCategory[] = ['BENIGN']

/** Names of an enumeration and their numbers, which begin with 1; 0 is UNSPECIFIED. */
interface EnumCodec<T extends string> {
  numberOf(name: T | undefined): number | undefined
  nameOf(value: unknown): T | undefined
}

export const timeoutTypeCodec = enumCodec('TIMEOUT_TYPE', timeoutTypes)
export const retryStateCodec = enumCodec('RETRY_STATE', retryStates)
export const categoryCodec = enumCodec('APPLICATION_ERROR_CATEGORY', categories)

function enumCodec<T extends string>(prefix: string, names: readonly T[]): EnumCodec<T> {
  return {
    numberOf: (name) => {
      const index = name === undefined ? -1 : names.indexOf(name)
      return index === -1 ? undefined : index + 1
    },
    nameOf: (value) => {
      if (typeof value === 'number') return names[value - 1]
      return names.find((name) => name === value || `${prefix}_${name}` === value)
    },
  }
}

export function protoDuration(ms: number): ProtoDuration {
  const seconds = Math.floor(ms / 1_000)
  return { seconds, nanos: Math.round((ms - seconds * 1_000) * 1_000_000) }
}

/** Undefined: it is none. */
export function durationMs(duration: ProtoDuration | null | undefined): number | undefined {
  if (duration === null || duration === undefined) return undefined
  const { seconds, nanos } = duration
  const whole = typeof seconds === 'object' && seconds !== null ? seconds.toNumber() : seconds ?? 0
  const ms = whole * 1_000 + (nanos ?? 0) / 1_000_000
  return Number.isFinite(ms) ? ms : undefined
}
