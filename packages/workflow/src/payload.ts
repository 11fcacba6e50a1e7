/** Values as bytes with their encoding: what headers of interceptors hold. */
import { PayloadConverterError } from './platform-error.ts'

export interface Payload {
  metadata?: Record<string, Uint8Array> | null
  data?: Uint8Array | null
}

/** What one side hands to the other beside the arguments: interceptors write and read them. */
export type Headers = Record<string, Payload>

export interface PayloadConverter {
  /** @throws PayloadConverterError for what has no encoding, such as a function */
  toPayload<T>(value: T): Payload
  fromPayload<T>(payload: Payload): T
}

/** Temporal's encodings: `binary/null` for undefined, `binary/plain` for bytes, `json/plain` for the rest. */
export const defaultPayloadConverter: PayloadConverter = {
  toPayload: (value) => {
    if (value === undefined) return { metadata: encodedAs('binary/null') }
    if (value instanceof Uint8Array) return { metadata: encodedAs('binary/plain'), data: value }
    const text = jsonOf(value)
    if (text === undefined) throw new PayloadConverterError(`A ${typeof value} cannot be made a payload; pass what JSON can keep`)
    return { metadata: encodedAs('json/plain'), data: new TextEncoder().encode(text) }
  },
  fromPayload: <T>(payload: Payload): T => {
    const encoding = payload.metadata?.['encoding']
    const data = payload.data ?? new Uint8Array()
    const name = encoding === undefined ? 'none' : new TextDecoder().decode(encoding)
    if (name === 'binary/null') return undefined as T
    if (name === 'binary/plain') return data as T
    if (name === 'json/plain') return JSON.parse(new TextDecoder().decode(data)) as T
    throw new PayloadConverterError(`Unknown encoding of a payload: ${name}; known are binary/null, binary/plain and json/plain`)
  },
}

function encodedAs(name: string): Record<string, Uint8Array> {
  return { encoding: new TextEncoder().encode(name) }
}

function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch (error) {
    throw new PayloadConverterError(`A value cannot be made a payload: ${error instanceof Error ? error.message : String(error)}`, error)
  }
}
