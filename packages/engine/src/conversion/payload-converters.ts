/** Payload converters to put together, named as in Temporal's SDK: each knows some values, and one encoding. */
import { type Payload, type PayloadConverter } from '@perdure/workflow'
import { PayloadError } from '../protocol/payload-error.ts'

/** One of several: undefined for values that it does not know. */
export interface PayloadConverterWithEncoding {
  readonly encodingType: string
  toPayload(value: unknown): Payload | undefined
  fromPayload<T>(payload: Payload): T
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

function encodedAs(encodingType: string, data?: Uint8Array): Payload {
  return { metadata: { encoding: encoder.encode(encodingType) }, ...(data === undefined ? {} : { data }) }
}

/** `undefined`, as `binary/null`. */
export class UndefinedPayloadConverter implements PayloadConverterWithEncoding {
  readonly encodingType = 'binary/null'

  toPayload(value: unknown): Payload | undefined {
    return value === undefined ? encodedAs(this.encodingType) : undefined
  }

  fromPayload<T>(): T {
    return undefined as T
  }
}

/** A Uint8Array, as `binary/plain`. */
export class BinaryPayloadConverter implements PayloadConverterWithEncoding {
  readonly encodingType = 'binary/plain'

  toPayload(value: unknown): Payload | undefined {
    return value instanceof Uint8Array ? encodedAs(this.encodingType, value) : undefined
  }

  fromPayload<T>({ data }: Payload): T {
    return new Uint8Array(data ?? []) as T
  }
}

/** What JSON.stringify makes a text of, as `json/plain`. It refuses less than the engine's own JSON: a Map becomes {}. */
export class JsonPayloadConverter implements PayloadConverterWithEncoding {
  readonly encodingType = 'json/plain'

  toPayload(value: unknown): Payload | undefined {
    const text = JSON.stringify(value) as string | undefined
    return text === undefined ? undefined : encodedAs(this.encodingType, encoder.encode(text))
  }

  fromPayload<T>({ data }: Payload): T {
    return JSON.parse(decoder.decode(data ?? new Uint8Array())) as T
  }
}

/** The first of several that knows a value converts it; the encoding says which one reads it. */
export class CompositePayloadConverter implements PayloadConverter {
  readonly converters: readonly PayloadConverterWithEncoding[]
  readonly #byEncoding: ReadonlyMap<string, PayloadConverterWithEncoding>

  constructor(...converters: readonly PayloadConverterWithEncoding[]) {
    this.converters = converters
    this.#byEncoding = new Map(converters.map((each) => [each.encodingType, each]))
  }

  toPayload(value: unknown): Payload {
    for (const converter of this.converters) {
      const payload = converter.toPayload(value)
      if (payload !== undefined) return payload
    }
    throw new PayloadError('PAYLOAD_NOT_SERIALISABLE', `None of the payload converters knows ${typeof value}; add one that does`)
  }

  fromPayload<T>(payload: Payload): T {
    const encoding = decoder.decode(payload.metadata?.['encoding'] ?? new Uint8Array())
    const converter = this.#byEncoding.get(encoding)
    if (converter !== undefined) return converter.fromPayload<T>(payload)
    const known = [...this.#byEncoding.keys()].join(', ')
    const message = `None of the payload converters reads the encoding '${encoding}'; they read ${known}. ` +
      'If a payload codec made it, this engine has not that codec, or not its key'
    throw new PayloadError('PAYLOAD_UNREADABLE', message)
  }
}
