/** Our payloads as Temporal's, and back. Without a payload converter ours are what it calls json/plain and binary/null. Pure. */
import { defaultPayloadConverter } from '@perdure/workflow'
import { convertedPayload, isEncoded, storedPayload } from '../conversion/payload-codec.ts'
import { fieldsIn, fieldsOf, listIn, listOf } from '../conversion/value-converter.ts'
import { HistoryFileError } from './history-file-error.ts'
import { decodeArguments } from '../protocol/payload-codec.ts'
import { emptyPayload, type Payload } from '../protocol/payload.ts'

/** Both texts are base64. */
export interface TemporalPayload {
  readonly metadata?: Readonly<Record<string, string>> | null
  readonly data?: string | null
  /** In place of both, of a value that a payload converter reads (stored-values.ts). */
  readonly stored?: Payload
}

export interface TemporalPayloads {
  readonly payloads?: readonly TemporalPayload[] | null
}

export type TemporalPayloadMap = Readonly<Record<string, TemporalPayload>>

const plainJson = base64('json/plain')
const nothing: TemporalPayload = { metadata: { encoding: base64('binary/null') } }

export function temporalPayload(payload: Payload): TemporalPayload {
  if (payload === emptyPayload) return nothing
  if (!isEncoded(payload)) return { metadata: { encoding: plainJson }, data: base64(payload) }
  const { metadata, data } = convertedPayload(payload)
  const texts = Object.entries(metadata ?? {}).map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')])
  return { metadata: Object.fromEntries(texts) as Record<string, string>, data: Buffer.from(data ?? []).toString('base64') }
}

export function isJsonPayload({ metadata }: TemporalPayload): boolean {
  return metadata?.['encoding'] === plainJson || metadata?.['encoding'] === nothing.metadata?.['encoding']
}

export function base64Bytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'))
}

/** One value. */
export function temporalPayloads(payload: Payload): TemporalPayloads {
  return { payloads: [temporalPayload(payload)] }
}

/**
 * A JSON array of arguments.
 *
 * @throws PayloadError PAYLOAD_UNREADABLE where a codec encoded them as a whole
 */
export function temporalArguments(payload: Payload): TemporalPayloads {
  const listed = listIn(payload)
  if (listed !== undefined) return { payloads: listed.map(temporalPayload) }
  return { payloads: decodeArguments(payload).map(temporalValue) }
}

/** A JSON object by its members; undefined where there is none. */
export function temporalMap(payload: Payload | null): TemporalPayloadMap | undefined {
  if (payload === null || payload === emptyPayload) return undefined
  return Object.fromEntries(Object.entries(fieldsIn(payload)).map(([name, each]) => [name, temporalPayload(each)]))
}

export function temporalValue(value: unknown): TemporalPayload {
  return value === undefined ? nothing : temporalPayload(JSON.stringify(value) as Payload)
}

/** @param where names the payload in errors */
export function ownPayload(payload: TemporalPayload | null | undefined, where: string): Payload {
  if (payload === null || payload === undefined) return emptyPayload
  if (payload.stored !== undefined) return payload.stored
  const encoding = payload.metadata?.['encoding']
  const name = encoding === undefined ? 'none' : text(encoding)
  if (name === 'binary/null') return emptyPayload
  if (name === 'json/plain') return oneLine(text(payload.data ?? ''), where)
  if (name === 'binary/plain') return storedPayload(defaultPayloadConverter.toPayload(base64Bytes(payload.data ?? '')))
  const converter = 'the payload converter that the workflow has (the option dataConverter of runReplayHistory())'
  const codecs = 'decode the history first, or replay it with the payload codecs or'
  const remedy = name.startsWith('json/') || name === 'binary/protobuf'
    ? `replay it with ${converter}`
    : `${codecs} ${converter}`
  throw new HistoryFileError('HISTORY_PAYLOAD_UNSUPPORTED', `The ${where} has the encoding '${name}': ${remedy}`)
}

export function ownResult(payloads: TemporalPayloads | null | undefined, where: string): Payload {
  return ownPayload(payloads?.payloads?.[0], where)
}

export function ownArguments(payloads: TemporalPayloads | null | undefined, where: string): Payload {
  const all = (payloads?.payloads ?? []).map((each, index) => ownPayload(each, `argument ${index + 1} of the ${where}`))
  const values = all.slice(0, all.findLastIndex((each) => each !== emptyPayload) + 1)
  const isJson = values.every((each) => each !== emptyPayload && !isEncoded(each))
  return isJson ? `[${values.join(',')}]` as Payload : listOf(values)
}

export function ownMap(fields: TemporalPayloadMap | null | undefined, where: string): Payload | null {
  if (fields === null || fields === undefined) return null
  const own = Object.entries(fields).map(([name, each]) => [name, ownPayload(each, where)] as const)
  if (own.some(([, each]) => isEncoded(each))) return fieldsOf(Object.fromEntries(own))
  const members = own.map(([name, each]) => [name, JSON.parse(each || 'null')] as const)
  return JSON.stringify(Object.fromEntries(members)) as Payload
}

export function base64(value: string): string {
  return Buffer.from(value).toString('base64')
}

function text(value: string): string {
  return Buffer.from(value, 'base64').toString()
}

/** Other programs may have written it over several lines. */
function oneLine(json: string, where: string): Payload {
  try {
    const value = JSON.parse(json) as unknown
    return (/[\n\r]/.test(json) ? JSON.stringify(value) : json) as Payload
  } catch (cause) {
    throw new HistoryFileError('HISTORY_FILE_INVALID', `The ${where} says that it is JSON, and is not; write the file again`, { cause })
  }
}
