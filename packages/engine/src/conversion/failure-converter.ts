/** Failure converters, named as in Temporal's SDK: between errors and failures in the shape of Temporal's protobuf. */
import { defaultPayloadConverter, type Payload, type PayloadConverter } from '@perdure/workflow'
import { failureCausesMax } from '../limits.ts'
import { errorMessage } from '../protocol/error-message.ts'
import { failureLevel, isGiven, thrownCause } from '../protocol/failure-level.ts'
import { revivedFailure } from '../protocol/failure-revival.ts'
import { causesLeftOut, type StoredFailure, unreadableFailure } from '../protocol/stored-failure.ts'
import { protoLevel, storedLevel } from './failure-parts.ts'
import type { PayloadCodec } from './payload-codec.ts'
import type { ProtoFailure } from './proto-failure.ts'

/** Both are synchronous and deterministic: workflow code calls them. Every process must have the same. */
export interface FailureConverter {
  /** @param err whatever was thrown */
  errorToFailure(err: unknown, payloadConverter: PayloadConverter): ProtoFailure
  /** The error that code gets: a TemporalFailure, or one of a class of its own. */
  failureToError(failure: ProtoFailure, payloadConverter: PayloadConverter): Error
}

/** What `encodedAttributes` holds where encodeCommonAttributes is set. */
export interface DefaultEncodedFailureAttributes {
  message: string
  stack_trace: string
}

export interface DefaultFailureConverterOptions {
  /** Message and stack as a payload of their own, which the payload converter makes and codecs on the way encode. */
  encodeCommonAttributes: boolean
}

/**
 * The engine's own way. Subclasses call it for what they do not know: it comes back to them for every cause.
 *
 * @example
 * class Mine extends DefaultFailureConverter {
 *   override failureToError(failure: ProtoFailure, payloadConverter: PayloadConverter): Error {
 *     const isDeclined = failure.applicationFailureInfo?.type === 'CardDeclined'
 *     return isDeclined ? new CardDeclined(failure.message ?? '') : super.failureToError(failure, payloadConverter)
 *   }
 * }
 */
export class DefaultFailureConverter implements FailureConverter {
  readonly options: DefaultFailureConverterOptions
  /** Chains of causes may be circular. */
  #depth = 0

  constructor(options?: Partial<DefaultFailureConverterOptions>) {
    this.options = { encodeCommonAttributes: options?.encodeCommonAttributes ?? false }
  }

  errorToFailure(err: unknown, payloadConverter: PayloadConverter): ProtoFailure {
    if (this.#depth > failureCausesMax) return protoLevel(causesLeftOut, undefined)
    this.#depth++
    try {
      const failure = this.errorToFailureInner(err, payloadConverter)
      if (!this.options.encodeCommonAttributes) return failure
      const attributes = { message: failure.message ?? '', stack_trace: failure.stackTrace ?? '' } satisfies DefaultEncodedFailureAttributes
      return { ...failure, message: 'Encoded failure', stackTrace: '', encodedAttributes: payloadConverter.toPayload(attributes) }
    } finally {
      this.#depth--
    }
  }

  /** Without the encoding of common attributes. */
  errorToFailureInner(err: unknown, payloadConverter: PayloadConverter): ProtoFailure {
    const { level, cause } = takenApart(err)
    const details = level.kind === 'timeout' ? lastHeartbeatOf(level) : level.details
    const failure = protoLevel(level, details?.map((detail) => detailPayload(detail, payloadConverter)))
    const inner = this.optionalErrorToOptionalFailure(cause, payloadConverter)
    return inner === undefined ? failure : { ...failure, cause: inner }
  }

  failureToError(failure: ProtoFailure, payloadConverter: PayloadConverter): Error {
    const decoded = withAttributes(failure, payloadConverter)
    const error = this.failureToErrorInner(decoded, payloadConverter)
    error.stack = decoded.stackTrace ?? ''
    return error
  }

  /** Without the encoded attributes. */
  failureToErrorInner(failure: ProtoFailure, payloadConverter: PayloadConverter): Error {
    const level = storedLevel(failure, (payloads) => payloads.map((payload) => payloadConverter.fromPayload(payload)))
    return revivedFailure(level, this.optionalFailureToOptionalError(failure.cause, payloadConverter))
  }

  optionalFailureToOptionalError(failure: ProtoFailure | undefined | null, payloadConverter: PayloadConverter): Error | undefined {
    return isGiven(failure) ? this.failureToError(failure, payloadConverter) : undefined
  }

  optionalErrorToOptionalFailure(err: unknown, payloadConverter: PayloadConverter): ProtoFailure | undefined {
    return isGiven(err) ? this.errorToFailure(err, payloadConverter) : undefined
  }
}

export const defaultFailureConverter: FailureConverter = new DefaultFailureConverter()

/** What a dataConverter is where none is given, as Temporal's SDK has it. */
export const defaultDataConverter: {
  payloadConverter: PayloadConverter
  failureConverter: FailureConverter
  payloadCodecs: PayloadCodec[]
} = { payloadConverter: defaultPayloadConverter, failureConverter: defaultFailureConverter, payloadCodecs: [] }

interface Level {
  /** Its details are as they were thrown. */
  readonly level: StoredFailure
  readonly cause: unknown
}

/** Getters and proxies of what was thrown may throw. */
function takenApart(thrown: unknown): Level {
  try {
    const level = failureLevel(thrown, (details) => Array.isArray(details) ? details as unknown[] : [details])
    return { level, cause: thrownCause(thrown) }
  } catch {
    return { level: unreadableFailure, cause: undefined }
  }
}

function lastHeartbeatOf({ lastHeartbeatDetails }: StoredFailure): unknown[] | undefined {
  return lastHeartbeatDetails === undefined ? undefined : [lastHeartbeatDetails]
}

/** A detail that cannot be converted must not hide the failure that carries it. */
function detailPayload(detail: unknown, payloadConverter: PayloadConverter): Payload {
  try {
    const payload: Payload | undefined = payloadConverter.toPayload(detail)
    if (typeof payload === 'object') return payload
    return defaultPayloadConverter.toPayload('[left out: the payload converter made no payload of it]')
  } catch (error) {
    return defaultPayloadConverter.toPayload(`[left out: ${errorMessage(error)}]`)
  }
}

function withAttributes(failure: ProtoFailure, payloadConverter: PayloadConverter): ProtoFailure {
  const { encodedAttributes } = failure
  if (!isGiven(encodedAttributes)) return failure
  const attributes = payloadConverter.fromPayload<Partial<DefaultEncodedFailureAttributes> | null>(encodedAttributes)
  if (typeof attributes !== 'object' || attributes === null) return failure
  const { message, stack_trace: stackTrace } = attributes
  return {
    ...failure, ...(typeof message === 'string' ? { message } : {}), ...(typeof stackTrace === 'string' ? { stackTrace } : {}),
  }
}
