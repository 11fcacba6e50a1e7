/** Values of a Temporal history that are no JSON: decoded by codecs, and as they would be stored here, for a payload converter. Pure. */
import { decodeAll, type PayloadCodec, storedPayload } from '../conversion/payload-codec.ts'
import { errorMessage } from '../protocol/error-message.ts'
import { PayloadError } from '../protocol/payload-error.ts'
import type { Payload } from '../protocol/payload.ts'
import type { HistoryEventRead } from './history-events.ts'
import type { Attributes } from './temporal-event.ts'
import { base64Bytes, isJsonPayload, type TemporalPayload, temporalPayload } from './temporal-payload.ts'

type Events = readonly HistoryEventRead[]

export function withStoredValues(events: Events): Events {
  return replaced(events, (payload) => ({ stored: storedOf(payload) }))
}

/** @throws PayloadError PAYLOAD_CODEC_FAILED */
export async function withDecodedValues(events: Events, codecs: readonly PayloadCodec[]): Promise<Events> {
  if (codecs.length === 0) return events
  const texts: Payload[] = []
  replaced(events, (payload) => {
    texts.push(storedOf(payload))
    return payload
  })
  if (texts.length === 0) return events
  const decoded = await decodeAll(codecs, texts).catch((cause: unknown) => {
    const message = `A payload codec cannot decode the history: ${errorMessage(cause)}; look at the payloadCodecs, and at their keys`
    throw new PayloadError('PAYLOAD_CODEC_FAILED', message, { cause })
  })
  let at = 0
  return replaced(events, () => temporalPayload(decoded[at++] as Payload))
}

type MapValue = (payload: TemporalPayload) => TemporalPayload

/** With another in the place of each payload that is no JSON, always in the same order. */
function replaced(events: Events, map: MapValue): Events {
  return events.map((event) => ({ ...event, attributes: kept(event.attributes, map) as Attributes }))
}

/** Headers stay as they are: they are payloads to whoever reads them. */
function kept(value: unknown, map: MapValue): unknown {
  if (Array.isArray(value)) return value.map((each) => kept(each, map))
  if (typeof value !== 'object' || value === null) return value
  if (isPayload(value)) return isJsonPayload(value) ? value : map(value)
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, name === 'header' ? member : kept(member, map)]))
}

function isPayload(value: object): value is TemporalPayload {
  const { metadata } = value as { readonly metadata?: { readonly encoding?: unknown } | null }
  return typeof metadata === 'object' && metadata !== null && typeof metadata.encoding === 'string'
}

function storedOf({ metadata, data }: TemporalPayload) {
  const entries = Object.entries(metadata ?? {}).map(([name, text]) => [name, base64Bytes(text)])
  return storedPayload({ metadata: Object.fromEntries(entries) as Record<string, Uint8Array>, data: base64Bytes(data ?? '') })
}
