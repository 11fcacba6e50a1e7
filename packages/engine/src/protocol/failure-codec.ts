/**
 * Failures to payloads and back, the engine's own way. A failure converter of the user's takes its place where failures are made
 * or read by code of the user's (`FailureCodec`); what the engine and the database write by themselves keeps this form.
 * Encoding never throws: it is how a failure is recorded, so what cannot be kept is replaced by a note that says so.
 */
import { ApplicationFailure, CancelledFailure, type TemporalFailure, TimeoutFailure, type TimeoutType } from '@perdure/workflow'
import { ensureApplicationFailure } from '@perdure/workflow/host'
import { failureCausesMax, payloadBytesMax } from '../limits.ts'
import { errorMessage } from './error-message.ts'
import { failureLevel, thrownCause } from './failure-level.ts'
import { revivedFailure } from './failure-revival.ts'
import { decodePayload, encodePayload } from './payload-codec.ts'
import type { Payload } from './payload.ts'
import { causesLeftOut, detailsLeftOut, readStoredFailure, type StoredFailure, unreadableFailure } from './stored-failure.ts'
import { withoutFrames } from './user-stack.ts'

/** How failures that code of the user's throws are stored, and how stored ones look to it. */
export interface FailureCodec {
  /** @throws PayloadError where there is a converter: it threw, or gave no failure */
  encode(error: unknown): Payload
  /** Of an attempt, which has ended whatever becomes of its failure: what cannot be converted is told of in its place. */
  encodeOfActivity(error: unknown): Payload
  /** @param lastHeartbeat its details as they are stored */
  encodeTimeout(message: string, timeoutType: TimeoutType, lastHeartbeat: Payload | null): Payload
  /**
   * @param outer the failure that the engine puts around it, as an ActivityFailure
   * @throws PayloadError PAYLOAD_UNREADABLE
   */
  decode(payload: Payload, outer?: Outer): Error
  /** A failure that the engine made for code that waits, as code sees it. @throws PayloadError PAYLOAD_UNREADABLE */
  presented(failure: TemporalFailure): Error
  /** What retry policies look at: what was thrown, or what a converter made of it. */
  judged(error: unknown, encoded: Payload): unknown
}

/** `cause` is what is stored, read without a converter. */
export type Outer = (cause: Error) => TemporalFailure

export const plainFailures: FailureCodec = {
  encode: encodeFailure,
  encodeOfActivity: (error) => encodeFailure(error instanceof CancelledFailure ? error : ensureApplicationFailure(error)),
  encodeTimeout: (message, timeoutType, lastHeartbeat) => {
    return encodeFailure(new TimeoutFailure(message, lastHeartbeat === null ? undefined : heartbeatDetails(lastHeartbeat), timeoutType))
  },
  decode: (payload, outer) => outer === undefined ? decodeFailure(payload) : outer(decodeFailure(payload)),
  presented: (failure) => failure,
  judged: (error) => error,
}

/** What one encoding may keep; taken back step by step when the whole is too large. */
interface Keep {
  readonly causes: number
  readonly details: boolean
}

const keeps: readonly Keep[] = [
  { causes: failureCausesMax, details: true }, { causes: failureCausesMax, details: false }, { causes: 0, details: false },
]

export function encodeFailure(error: unknown): Payload {
  try {
    for (const keep of keeps) {
      const text = JSON.stringify(stored(error, keep, 0))
      if (isSmallEnough(text)) return text as Payload
    }
  } catch {
    // A getter or a proxy of the thrown value threw.
  }
  return JSON.stringify(unreadableFailure) as Payload
}

/** @throws PayloadError PAYLOAD_UNREADABLE */
export function decodeFailure(payload: Payload): TemporalFailure {
  return revived(readStoredFailure(payload))
}

/** Of what has ended whatever becomes of its failure: where a converter cannot convert it, one that says so. */
export function recordedFailure(failures: FailureCodec, error: unknown): Payload {
  try {
    return failures.encode(error)
  } catch (cause) {
    const failure = withoutFrames(() => ApplicationFailure.create({ message: errorMessage(cause), type: 'FailureConverterError' }))
    return encodeFailure(failure)
  }
}

/** For people, who are better served with what is stored than with nothing. @throws PayloadError it is no failure at all */
export function shownFailure(failures: FailureCodec, payload: Payload): Error {
  try {
    return failures.decode(payload)
  } catch {
    return decodeFailure(payload)
  }
}

export function isSmallEnough(text: string): boolean {
  return text.length * 3 <= payloadBytesMax || Buffer.byteLength(text) <= payloadBytesMax
}

function stored(thrown: unknown, keep: Keep, depth: number): StoredFailure {
  const level = failureLevel(thrown, (details) => storedDetails(details, keep))
  const cause = thrownCause(thrown)
  if (cause === undefined) return level
  return { ...level, cause: depth < keep.causes ? stored(cause, keep, depth + 1) : causesLeftOut }
}

function storedDetails(given: unknown, keep: Keep): unknown[] {
  const details = Array.isArray(given) ? given as unknown[] : [given]
  if (!keep.details) return details.length === 0 ? [] : [detailsLeftOut]
  return details.map(storedDetail)
}

function storedDetail(detail: unknown, index: number): unknown {
  try {
    return decodePayload(encodePayload(detail, `detail ${index + 1}`)) ?? null
  } catch (error) {
    return `[left out: ${errorMessage(error)}]`
  }
}

/** Bytes, and what a payload converter made, have no JSON, which is what failures are kept as. */
function heartbeatDetails(payload: Payload): unknown {
  return payload.startsWith(':') ? '[left out: they are no JSON]' : decodePayload(payload)
}

function revived(failure: StoredFailure): TemporalFailure {
  return revivedFailure(failure, failure.cause === undefined ? undefined : revived(failure.cause))
}
