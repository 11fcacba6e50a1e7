/**
 * Failures through a failure converter and a payload converter. What they make is stored in the form that the engine and the database
 * write too, so whoever has no converters reads it, and what was written without them goes through them when it is read.
 */
import {
  ActivityFailure, ChildWorkflowFailure, type Payload as ConvertedPayload, type PayloadConverter, ServerFailure, TemporalFailure,
  TerminatedFailure, TimeoutFailure,
} from '@perdure/workflow'
import { ensureApplicationFailure, isError, thrownType } from '@perdure/workflow/host'
import { failureCausesMax } from '../limits.ts'
import { errorMessage } from '../protocol/error-message.ts'
import {
  decodeFailure, encodeFailure, type FailureCodec, isSmallEnough, plainFailures, recordedFailure,
} from '../protocol/failure-codec.ts'
import { cutText, failureLevel, isGiven } from '../protocol/failure-level.ts'
import { PayloadError } from '../protocol/payload-error.ts'
import type { Payload } from '../protocol/payload.ts'
import { causesLeftOut, detailsLeftOut, readStoredFailure, type StoredFailure } from '../protocol/stored-failure.ts'
import type { FailureConverter } from './failure-converter.ts'
import { detailPayloads, protoLevel, storedLevel } from './failure-parts.ts'
import { convertedPayload, isEncoded, shownInPlace, storedPayload } from './payload-codec.ts'
import type { ProtoFailure } from './proto-failure.ts'

export function convertedFailures(converter: FailureConverter, payloadConverter: PayloadConverter): FailureCodec {
  const encode = (error: unknown): Payload => smallEnough(made(converter, payloadConverter, error))
  const decode: FailureCodec['decode'] = (payload, outer) => {
    const failure = readStoredFailure(payload)
    if (outer === undefined) return read(converter, payloadConverter, failure)
    const cause = decodeFailure(payload)
    return read(converter, payloadConverter, wrapped(outer(cause), cause, failure))
  }
  const codec: FailureCodec = {
    encode, decode,
    encodeOfActivity: (error) => recordedFailure(codec, isOfWorkflows(error) ? ensureApplicationFailure(error) : error),
    encodeTimeout: (message, timeoutType, lastHeartbeat) => {
      const plain = plainFailures.encodeTimeout(message, timeoutType, lastHeartbeat)
      if (lastHeartbeat === null || !isEncoded(lastHeartbeat)) return plain
      const lastHeartbeatDetails = readable(lastHeartbeat)
      const text = JSON.stringify({ ...readStoredFailure(plain), lastHeartbeatDetails, payloads: [lastHeartbeat] } satisfies StoredFailure)
      return isSmallEnough(text) ? text as Payload : plain
    },
    presented: (failure) => decode(encodeFailure(failure)),
    // As on Temporal, whose server sees the failure and not the error.
    judged: (_, encoded) => decodeFailure(encoded),
  }
  return codec
}

const ofWorkflows: readonly unknown[] = [ActivityFailure, ChildWorkflowFailure, ServerFailure, TerminatedFailure, TimeoutFailure]

/** Thrown by an activity it is an error as any: nothing timed out, or was terminated. A class that extends one is a converter's to know. */
function isOfWorkflows(error: unknown): boolean {
  return error instanceof TemporalFailure && ofWorkflows.includes(error.constructor)
}

function made(converter: FailureConverter, payloadConverter: PayloadConverter, error: unknown): StoredFailure {
  try {
    const failure: unknown = converter.errorToFailure(error, payloadConverter)
    if (typeof failure !== 'object' || failure === null) throw new TypeError(`its errorToFailure() gave no failure, but ${String(failure)}`)
    return stored(failure, 0)
  } catch (cause) {
    const message = `The failure converter cannot convert what was thrown (${nameOf(error)}): ${errorMessage(cause)}`
    throw new PayloadError('PAYLOAD_NOT_SERIALISABLE', `${message}; mend the failureConverter of the dataConverter`, { cause })
  }
}

function stored(failure: ProtoFailure, depth: number): StoredFailure {
  const { encodedAttributes, cause } = failure
  const texts = detailPayloads(failure)?.map(storedPayload) ?? []
  const level = storedLevel(failure, () => texts.map(readable))
  const attributes = isGiven(encodedAttributes) ? storedPayload(encodedAttributes) : ''
  return {
    ...level, message: cutText(level.message),
    ...(level.stackTrace === undefined ? {} : { stackTrace: cutText(level.stackTrace) }),
    ...(attributes === '' ? {} : { encodedAttributes: attributes }),
    ...(texts.some(isEncoded) ? { payloads: texts } : {}),
    ...(isGiven(cause) ? { cause: depth < failureCausesMax ? stored(cause, depth + 1) : causesLeftOut } : {}),
  }
}

/** For whoever has no converter. */
function readable(text: Payload): unknown {
  if (text === '') return null
  return isEncoded(text) ? shownInPlace(text) ?? null : JSON.parse(text)
}

/** As failure-codec does it: without details where it is too large, and then without causes. */
function smallEnough(failure: StoredFailure): Payload {
  const whole = JSON.stringify(failure)
  if (isSmallEnough(whole)) return whole as Payload
  const bare = withoutDetails(failure)
  for (const each of [bare, bare.cause === undefined ? bare : { ...bare, cause: causesLeftOut }]) {
    const text = JSON.stringify(each)
    if (isSmallEnough(text)) return text as Payload
  }
  const message = 'The failure converter made a failure that is larger than the limit of payloads, also without its details and causes'
  throw new PayloadError('PAYLOAD_TOO_LARGE', `${message}; make what it puts into encodedAttributes and names smaller`)
}

function withoutDetails(failure: StoredFailure): StoredFailure {
  const { payloads: _payloads, ...plain } = failure
  const { details, lastHeartbeatDetails, cause } = plain
  return {
    ...plain,
    ...(details === undefined || details.length === 0 ? {} : { details: [detailsLeftOut] }),
    ...(lastHeartbeatDetails === undefined ? {} : { lastHeartbeatDetails: detailsLeftOut }),
    ...(cause === undefined ? {} : { cause: withoutDetails(cause) }),
  }
}

/** What the engine put around a cause, with the cause as it is stored in its place. */
function wrapped(failure: Error, inner: Error, innerStored: StoredFailure): StoredFailure {
  const level = failureLevel(failure, (details) => Array.isArray(details) ? details as unknown[] : [])
  const { cause } = failure
  if (!isError(cause)) return level
  return { ...level, cause: cause === inner ? innerStored : wrapped(cause, inner, innerStored) }
}

function read(converter: FailureConverter, payloadConverter: PayloadConverter, failure: StoredFailure): Error {
  let error: unknown
  try {
    error = converter.failureToError(protoOf(failure), payloadConverter)
  } catch (cause) {
    throw unreadable(errorMessage(cause), cause)
  }
  if (isError(error)) return error
  throw unreadable('its failureToError() gave no Error', undefined)
}

function unreadable(why: string, cause: unknown): PayloadError {
  const message = `A stored failure cannot be read by the failure converter: ${why}; mend the failureConverter of the dataConverter`
  return new PayloadError('PAYLOAD_UNREADABLE', message, { cause })
}

function protoOf(failure: StoredFailure): ProtoFailure {
  const { encodedAttributes, cause } = failure
  return {
    ...protoLevel(failure, payloadsOf(failure)),
    ...(encodedAttributes === undefined ? {} : { encodedAttributes: convertedPayload(encodedAttributes as Payload) }),
    ...(cause === undefined ? {} : { cause: protoOf(cause) }),
  }
}

function payloadsOf({ kind, payloads, details, lastHeartbeatDetails }: StoredFailure): ConvertedPayload[] | undefined {
  if (payloads !== undefined) return payloads.map((text) => convertedPayload(text as Payload))
  if (kind === 'timeout') return lastHeartbeatDetails === undefined ? undefined : [jsonPayload(lastHeartbeatDetails)]
  return details?.map(jsonPayload)
}

function jsonPayload(value: unknown): ConvertedPayload {
  return convertedPayload(JSON.stringify(value) as Payload)
}

/** Never what it says: that may be what a converter is to hide. */
function nameOf(thrown: unknown): string {
  try {
    return thrownType(thrown) ?? typeof thrown
  } catch {
    return typeof thrown
  }
}
