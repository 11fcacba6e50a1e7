/**
 * Payload codecs: what is stored is not what was passed, but what they make of it (encrypted, compressed). Temporal's shape.
 *
 * A stored text that a codec made begins with `:`, which no JSON text does; then follow, as JSON, the metadata of the payload
 * (as text where it is text) and its bytes in base64. What is stored without codecs is read all the same.
 */
import type { Payload as ConvertedPayload } from '@perdure/workflow'
import type { Payload } from '../protocol/payload.ts'
import { PayloadError } from '../protocol/payload-error.ts'

/** As in Temporal's SDK: as many payloads come out as went in, in their order. */
export interface PayloadCodec {
  encode(payloads: ConvertedPayload[]): Promise<ConvertedPayload[]>
  decode(payloads: ConvertedPayload[]): Promise<ConvertedPayload[]>
}

/** The metadata of a payload that is stored encoded, for people: its name and how large it is. */
export interface EncodedPayload {
  readonly encoding: string
  readonly bytes: number
}

interface Envelope {
  readonly metadata: Readonly<Record<string, string | { readonly base64: string }>>
  readonly data: string
}

const textEncoder = new TextEncoder()
const textDecoder = new TextDecoder('utf-8', { fatal: true })

export function isEncoded(text: string): boolean {
  return text.startsWith(':')
}

/** A payload as a codec gets it; texts that codecs made are read back to what they made. */
export function convertedPayload(text: Payload): ConvertedPayload {
  if (isEncoded(text)) return ofEnvelope(text)
  if (text === '') return { metadata: { encoding: textEncoder.encode('binary/null') } }
  return { metadata: { encoding: textEncoder.encode('json/plain') }, data: textEncoder.encode(text) }
}

/** A payload as it is stored. */
export function storedPayload({ metadata, data }: ConvertedPayload): Payload {
  const encoding = metadata?.['encoding']
  const name = encoding === undefined ? '' : textOf(encoding)
  if (name === 'binary/null') return '' as Payload
  if (name === 'json/plain' && data !== undefined && data !== null && Object.keys(metadata ?? {}).length === 1) {
    const json = textOf(data)
    if (typeof json === 'string' && !/[\n\r]/.test(json) && json !== '') return json as Payload
  }
  const envelope: Envelope = {
    metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([key, value]) => [key, textOf(value)])),
    data: Buffer.from(data ?? new Uint8Array()).toString('base64'),
  }
  return `:${JSON.stringify(envelope)}` as Payload
}

/** Undefined: it is stored as it is, or is damaged. */
export function encodedPayload(text: Payload): EncodedPayload | undefined {
  const envelope = isEncoded(text) ? envelopeIn(text) : undefined
  const encoding = envelope?.metadata['encoding']
  if (envelope === undefined || typeof encoding !== 'string') return undefined
  return { encoding, bytes: Buffer.from(envelope.data, 'base64').length }
}

/** What is shown in place of a value that is stored encoded; undefined: it is stored as it is, or is damaged. */
export function shownInPlace(text: Payload): { readonly encoded: string; readonly bytes: number } | undefined {
  const payload = encodedPayload(text)
  return payload === undefined ? undefined : { encoded: payload.encoding, bytes: payload.bytes }
}

/** Through the last codec first, as Temporal does; decoding begins with the first. */
export async function encodeAll(codecs: readonly PayloadCodec[], texts: readonly Payload[]): Promise<Payload[]> {
  let payloads = texts.map(convertedPayload)
  for (const codec of codecs.toReversed()) payloads = sameCount(await codec.encode(payloads), payloads)
  return payloads.map(storedPayload)
}

/** @throws whatever a codec throws, PayloadError PAYLOAD_UNREADABLE */
export async function decodeAll(codecs: readonly PayloadCodec[], texts: readonly Payload[]): Promise<Payload[]> {
  let payloads = texts.map(convertedPayload)
  for (const codec of codecs) payloads = sameCount(await codec.decode(payloads), payloads)
  return payloads.map(storedPayload)
}

function sameCount(made: ConvertedPayload[], given: readonly ConvertedPayload[]): ConvertedPayload[] {
  if (Array.isArray(made) && made.length === given.length) return made
  const count = Array.isArray(made) ? `${made.length} payloads` : `a ${typeof made}`
  throw new PayloadError('PAYLOAD_CODEC_FAILED', `A payload codec made ${count} of ${given.length}; it must give one for each`)
}

function ofEnvelope(text: Payload): ConvertedPayload {
  const { metadata, data } = envelopeOf(text)
  return {
    metadata: Object.fromEntries(Object.entries(metadata).map(([key, value]) => {
      return [key, typeof value === 'string' ? textEncoder.encode(value) : new Uint8Array(Buffer.from(value.base64, 'base64'))]
    })),
    data: new Uint8Array(Buffer.from(data, 'base64')),
  }
}

function envelopeOf(text: Payload): Envelope {
  const envelope = envelopeIn(text)
  if (envelope !== undefined) return envelope
  throw new PayloadError('PAYLOAD_UNREADABLE', `A stored payload cannot be read: it begins with ${JSON.stringify(text.slice(0, 40))}`)
}

function envelopeIn(text: Payload): Envelope | undefined {
  try {
    const envelope = JSON.parse(text.slice(1)) as Partial<Envelope>
    const isWhole = typeof envelope.data === 'string' && typeof envelope.metadata === 'object' && envelope.metadata !== null
    return isWhole ? envelope as Envelope : undefined
  } catch {
    return undefined
  }
}

/** As text where it is text. */
function textOf(bytes: Uint8Array): string | { readonly base64: string } {
  try {
    return textDecoder.decode(bytes)
  } catch {
    return { base64: Buffer.from(bytes).toString('base64') }
  }
}
