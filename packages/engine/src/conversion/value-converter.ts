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
  encode: encodeJson, decode: decodeJson,
  encodeArguments: (args, what) => {
    if (!isForList(args)) return encodeArguments(args, what)
    return checkedSize(listOf(withoutTrailing(args).map((each, index) => encodeJson(each, `argument ${index + 1} of ${what}`))), what)
  },
  decodeArguments: (payload) => (isEncoded(payload) ? listIn(payload)?.map(decodeJson) : undefined) ?? decodeArguments(payload),
  encodeFields: (fields, what) => {
    const given = Object.entries(fields).filter(([, value]) => value !== undefined)
    if (!given.some(([, value]) => value instanceof Uint8Array)) return encodePayload(fields, what)
    const texts = given.map(([name, value]) => [name, encodeJson(value, `'${name}' of the ${what}`)] as const)
    return checkedSize(fieldsOf(Object.fromEntries(texts)), what)
  },
  decodeFields: (payload) => {
    if (!isEncoded(payload)) return decodePayload(payload) as Fields
    return Object.fromEntries(Object.entries(fieldsIn(payload)).map(([name, text]) => [name, decodeJson(text)]))
  },
  failures: plainFailures,
}

/** Where no payload converter is given: JSON, and bytes as they are. */
const jsonPayloads: PayloadConverter = {
  toPayload: (value) => convertedPayload(encodeJson(value, 'the value')),
  fromPayload: defaultPayloadConverter.fromPayload,
}

/** As on Temporal, a value that is nothing but bytes is stored as such. */
function encodeJson(value: unknown, what: string): Payload {
  if (!(value instanceof Uint8Array)) return encodePayload(value, what)
  return checkedSize(storedPayload(defaultPayloadConverter.toPayload(value)), what)
}

function decodeJson(payload: Payload): unknown {
  if (!isEncoded(payload)) return decodePayload(payload)
  const converted = convertedPayload(payload)
  return encodingOf(converted) === 'binary/plain' ? defaultPayloadConverter.fromPayload(converted) : decodePayload(payload)
}

/** Bytes are no JSON, and what is undefined stays so in front of others too: default parameters apply. */
function isForList(args: readonly unknown[]): boolean {
  let isLast = true
  for (let index = args.length - 1; index >= 0; index--) {
    const each = args[index]
    if (each instanceof Uint8Array || (each === undefined && !isLast)) return true
    if (each !== undefined) isLast = false
  }
  return false
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
      const isJson = texts.every((text) => text !== emptyPayload && !isEncoded(text))
      return checkedSize(isJson ? `[${texts.join(',')}]` as Payload : listOf(texts), what)
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
  const converted = convertedPayload(payload)
  if (encodingOf(converted) !== encoding) return undefined
  return JSON.parse(new TextDecoder().decode(converted.data ?? new Uint8Array()))
}

function encodingOf({ metadata }: ConvertedPayload): string {
  return new TextDecoder().decode(metadata?.['encoding'] ?? new Uint8Array())
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
  if (text.length * 3 <= payloadBytesMax) return text
  const bytes = bytesIn(text)
  if (bytes <= payloadBytesMax) return text
  const limit = `${payloadBytesMax} bytes (${payloadBytesMax / 1024 / 1024} MiB)`
  const remedy = 'keep large data in a file or object store and pass a reference to it'
  throw new PayloadError('PAYLOAD_TOO_LARGE', `${what}: ${bytes} bytes, more than the limit of ${limit}; ${remedy}`)
}

/** What was given counts, not what storing it adds. */
function bytesIn(text: Payload): number {
  if (!isEncoded(text)) return Buffer.byteLength(text)
  const parts = listIn(text) ?? apart(fieldsEncoding, text) as Readonly<Record<string, Payload>> | undefined
  if (parts === undefined) return payloadBytes(convertedPayload(text))
  return Object.values(parts).reduce((sum, each) => sum + bytesIn(each), 0)
}

function payloadBytes({ metadata, data }: ConvertedPayload): number {
  const { encoding: _, ...others } = metadata ?? {}
  return Object.values(others).reduce((sum, each) => sum + each.length, data?.length ?? 0)
}
