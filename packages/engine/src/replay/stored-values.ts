/** Values of a Temporal history that are no JSON, as they would be stored here: for replay with a payload converter. Pure. */
import { storedPayload } from '../conversion/payload-codec.ts'
import type { HistoryEventRead } from './history-events.ts'
import type { Attributes } from './temporal-event.ts'
import { base64Bytes, isJsonPayload, type TemporalPayload } from './temporal-payload.ts'

export function withStoredValues(events: readonly HistoryEventRead[]): readonly HistoryEventRead[] {
  return events.map((event) => ({ ...event, attributes: kept(event.attributes) as Attributes }))
}

/** Headers stay as they are: they are payloads to whoever reads them. */
function kept(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(kept)
  if (typeof value !== 'object' || value === null) return value
  if (isPayload(value)) return isJsonPayload(value) ? value : { stored: storedOf(value) }
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, name === 'header' ? member : kept(member)]))
}

function isPayload(value: object): value is TemporalPayload {
  const { metadata } = value as { readonly metadata?: { readonly encoding?: unknown } | null }
  return typeof metadata === 'object' && metadata !== null && typeof metadata.encoding === 'string'
}

function storedOf({ metadata, data }: TemporalPayload) {
  const entries = Object.entries(metadata ?? {}).map(([name, text]) => [name, base64Bytes(text)])
  return storedPayload({ metadata: Object.fromEntries(entries) as Record<string, Uint8Array>, data: base64Bytes(data ?? '') })
}
