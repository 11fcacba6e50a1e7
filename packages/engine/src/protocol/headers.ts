/**
 * Headers: what interceptors send along with a start, a message or an activity, by name. Temporal's shape (a payload of
 * bytes with metadata), so that interceptors written for it carry over; as JSON, the bytes are base64.
 */
import type { Headers } from '@perdure/workflow'

export interface StoredHeaderPayload {
  readonly metadata?: Readonly<Record<string, string>>
  readonly data?: string
}

/** JSON: an attribute of messages, and a member of StartDetails and of the options of activities. */
export type StoredHeaders = Readonly<Record<string, StoredHeaderPayload>>

/** Undefined when there are none: nothing is stored then. */
export function encodeHeaders(headers: Headers | undefined): StoredHeaders | undefined {
  const entries = Object.entries(headers ?? {})
  if (entries.length === 0) return undefined
  return Object.fromEntries(entries.map(([name, { metadata, data }]) => [name, {
    ...(metadata === undefined || metadata === null ? {} : { metadata: mapped(metadata, base64) }),
    ...(data === undefined || data === null ? {} : { data: base64(data) }),
  }]))
}

export function decodeHeaders(stored: StoredHeaders | undefined): Headers {
  return mapped(stored ?? {}, ({ metadata, data }) => ({
    ...(metadata === undefined ? {} : { metadata: mapped(metadata, bytes) }),
    ...(data === undefined ? {} : { data: bytes(data) }),
  }))
}

function mapped<A, B>(given: Readonly<Record<string, A>>, of: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, of(value)]))
}

function base64(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64')
}

function bytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'))
}
