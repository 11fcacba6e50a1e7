/**
 * From values and failures to stored payloads and back. The engine's own way is JSON as payload-codec.ts of the protocol has it; a
 * payload converter of the user's takes its place for arguments, results, heartbeat details, the values of memos and the details of
 * failures. Where all that it makes is JSON, the stored form is the same as without one; otherwise it is that of encoded payloads
 * (payload-codec.ts here). Failures go through a failure converter where either converter is given (converted-failures.ts).
 */
import { defaultPayloadConverter, type Payload as ConvertedPayload, type PayloadConverter } from '@perdure/workflow'
import { payloadBytesMax } from '../limits.ts'
import { errorMessage } from '../protocol/error-message.ts'
import { type FailureCodec, plainFailures } from '../protocol/failure-codec.ts'
import { decodeArguments, decodePayload, encodeArguments, encodePayload } from '../protocol/payload-codec.ts'
import { PayloadError } from '../protocol/payload-error.ts'
import { emptyPayload, type Payload } from '../protocol/payload.ts'
import { convertedFailures } from './converted-failures.ts'
import { defaultFailureConverter, type FailureConverter } from './failure-converter.ts'
import { convertedPayload, isEncoded, storedPayload } from './payload-codec.ts'

/** `what` names the value in errors, as in "result of activity 'charge'". */
export interface ValueConverter {
  /** @throws PayloadError */
  encode(value: unknown, what: string): Payload
  /** @param what names the receiver, as in "activity 'charge'" */
  encodeArguments(args: readonly unknown[], what: string): Payload
  /** A memo: each of its values by itself. */
  encodeFields(fields: Fields, what: string): Payload
  decode(payload: Payload): unknown
  decodeArguments(payload: Payload): unknown[]
  decodeFields(payload: Payload): Fields
  readonly failures: FailureCodec
}

export type Fields = Readonly<Record<string, unknown>>

export const jsonValues: ValueConverter = {
  encode: encodePayload, encodeArguments, decode: decodePayload, decodeArguments, encodeFields: encodePayload,
  decodeFields: (payload) => decodePayload(payload) as Fields,
  failures: plainFailures,
}

/** Where no payload converter is given: JSON, and bytes as they are. */
const jsonPayloads: PayloadConverter = {
  toPayload: (value) => {
    return value instanceof Uint8Array ? defaultPayloadConverter.toPayload(value) : convertedPayload(encodePayload(value, 'the value'))
  },
  fromPayload: defaultPayloadConverter.fromPayload,
}

interface Converters {
  readonly payloadConverter?: PayloadConverter | undefined
  readonly failureConverter?: FailureConverter | undefined
}

/** Undefined: neither is given, and the engine's own way is meant. */
export function valuesOf({ payloadConverter, failureConverter }: Converters): ValueConverter | undefined {
  if (payloadConverter !== undefined) return convertedValues(payloadConverter, failureConverter)
  return failureConverter === undefined ? undefined : { ...jsonValues, failures: convertedFailures(failureConverter, jsonPayloads) }
}

/** Of the parts of a client or worker. */
export function failuresOf({ values = jsonValues }: { readonly values?: ValueConverter | undefined }): FailureCodec {
  return values.failures
}

const listEncoding = 'list/payloads'
const fieldsEncoding = 'fields/payloads'

/** Called for each value: a converter is synchronous, for workflow code calls it. */
export function convertedValues(
  converter: PayloadConverter, failureConverter: FailureConverter = defaultFailureConverter,
): ValueConverter {
  const encode = (value: unknown, what: string): Payload => checkedSize(storedPayload(made(converter, value, what)), what)
  const decode = (payload: Payload): unknown => read(converter, convertedPayload(payload))
  return {
    encode, decode, failures: convertedFailures(failureConverter, converter),
    encodeArguments: (args, what) => {
      const texts = withoutTrailing(args).map((each, index) => encode(each, `argument ${index + 1} of ${what}`))
      if (!texts.some(isEncoded)) return checkedSize(`[${texts.map((text) => text === '' ? 'null' : text).join(',')}]` as Payload, what)
      return checkedSize(listOf(texts), what)
    },
    encodeFields: (fields, what) => {
      const given = Object.entries(fields).filter(([, value]) => value !== undefined)
      const texts = given.map(([name, value]) => [name, encode(value, `'${name}' of the ${what}`)] as const)
      if (texts.some(([, text]) => isEncoded(text))) return checkedSize(fieldsOf(Object.fromEntries(texts)), what)
      const members = texts.map(([name, text]) => `${JSON.stringify(name)}:${text === '' ? 'null' : text}`)
      return checkedSize(`{${members.join(',')}}` as Payload, what)
    },
    decodeArguments: (payload) => {
      if (payload === emptyPayload) return []
      if (!isEncoded(payload)) return (JSON.parse(payload) as unknown[]).map((each) => decode(JSON.stringify(each) as Payload))
      return (listIn(payload) ?? [payload]).map(decode)
    },
    decodeFields: (payload) => Object.fromEntries(Object.entries(fieldsIn(payload)).map(([name, text]) => [name, decode(text)])),
  }
}

/**
 * The values of a memo as they are stored, each by itself.
 *
 * @throws PayloadError PAYLOAD_UNREADABLE where a codec encoded them as a whole
 */
export function fieldsIn(payload: Payload): Readonly<Record<string, Payload>> {
  const apartly = isEncoded(payload) ? apart(fieldsEncoding, payload) : undefined
  if (apartly !== undefined) return apartly as Readonly<Record<string, Payload>>
  const fields = Object.entries(decodePayload(payload) as Fields)
  return Object.fromEntries(fields.map(([name, value]) => [name, JSON.stringify(value) as Payload]))
}

/** The arguments as they are stored, each by itself; undefined: they are JSON, or a codec encoded them as a whole. */
export function listIn(payload: Payload): readonly Payload[] | undefined {
  return isEncoded(payload) ? apart(listEncoding, payload) as readonly Payload[] | undefined : undefined
}

/** Arguments that are stored each by itself, as one. */
export function listOf(payloads: readonly Payload[]): Payload {
  return together(listEncoding, payloads)
}

/** Values of a memo that are stored each by itself, as one. */
export function fieldsOf(payloads: Readonly<Record<string, Payload>>): Payload {
  return together(fieldsEncoding, payloads)
}

/** Several payloads as one. */
function together(encoding: string, texts: readonly Payload[] | Readonly<Record<string, Payload>>): Payload {
  const encoder = new TextEncoder()
  return storedPayload({ metadata: { encoding: encoder.encode(encoding) }, data: encoder.encode(JSON.stringify(texts)) })
}

function apart(encoding: string, payload: Payload): unknown {
  const { metadata, data } = convertedPayload(payload)
  if (new TextDecoder().decode(metadata?.['encoding'] ?? new Uint8Array()) !== encoding) return undefined
  return JSON.parse(new TextDecoder().decode(data ?? new Uint8Array()))
}

function withoutTrailing(args: readonly unknown[]): readonly unknown[] {
  return args.slice(0, args.findLastIndex((each) => each !== undefined) + 1)
}

function made(converter: PayloadConverter, value: unknown, what: string): ConvertedPayload {
  let payload: ConvertedPayload | undefined
  try {
    payload = converter.toPayload(value)
  } catch (cause) {
    throw new PayloadError('PAYLOAD_NOT_SERIALISABLE', `${what}: the payload converter refused it: ${errorMessage(cause)}`, { cause })
  }
  if (typeof payload === 'object' && payload !== null) return payload
  throw new PayloadError('PAYLOAD_NOT_SERIALISABLE', `${what}: the payload converter made no payload of it; it must know every value`)
}

function read(converter: PayloadConverter, payload: ConvertedPayload): unknown {
  try {
    return converter.fromPayload(payload)
  } catch (cause) {
    const message = `A stored payload cannot be read by the payload converter: ${errorMessage(cause)}`
    throw new PayloadError('PAYLOAD_UNREADABLE', message, { cause })
  }
}

function checkedSize(text: Payload, what: string): Payload {
  if (text.length * 3 <= payloadBytesMax || Buffer.byteLength(text) <= payloadBytesMax) return text
  const limit = `${payloadBytesMax} bytes (${payloadBytesMax / 1024 / 1024} MiB)`
  const remedy = 'keep large data in a file or object store and pass a reference to it'
  throw new PayloadError('PAYLOAD_TOO_LARGE', `${what}: ${Buffer.byteLength(text)} bytes, more than the limit of ${limit}; ${remedy}`)
}
