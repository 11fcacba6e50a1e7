/** Payloads for people: what cannot be read, or is encoded, is said so in its place, because the rest is still worth seeing. */
import { encodedPayload, shownInPlace } from '../conversion/payload-codec.ts'
import { fieldsIn, jsonValues, listIn, type Fields, type ValueConverter } from '../conversion/value-converter.ts'
import { shownFailure } from '../protocol/failure-codec.ts'
import { decodePayload } from '../protocol/payload-codec.ts'
import type { Payload } from '../protocol/payload.ts'

export function readablePayload(payload: Payload | null): unknown {
  if (payload === null) return undefined
  try {
    return shownInPlace(payload) ?? decodePayload(payload)
  } catch (error) {
    return { unreadable: error instanceof Error ? error.message : String(error) }
  }
}

export function readableArguments(payload: Payload): readonly unknown[] {
  const listed = listOrNone(payload)
  if (listed !== undefined) return listed.map((each) => readablePayload(each))
  const value = readablePayload(payload)
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value]
}

function listOrNone(payload: Payload): readonly Payload[] | undefined {
  try {
    return listIn(payload)
  } catch {
    return undefined
  }
}

export function readableObject(payload: Payload | null): Readonly<Record<string, unknown>> | undefined {
  const value = readablePayload(payload)
  return typeof value === 'object' && value !== null ? value as Readonly<Record<string, unknown>> : undefined
}

/** A sentence that a codec encoded: whoever has no codec is told where to look. */
export function readableSentence(text: string): string {
  const encoded = encodedPayload(text as Payload)
  if (encoded === undefined) return text
  return `[encoded as ${encoded.encoding}, ${encoded.bytes} bytes: an engine with the payload codecs shows it]`
}

/** A memo: where its values cannot be had, how each is stored. */
export function readableFields(payload: Payload | null, values: ValueConverter = jsonValues): Fields | undefined {
  if (payload === null) return undefined
  try {
    return Object.fromEntries(Object.entries(fieldsIn(payload)).map(([name, text]) => {
      return [name, values.decode === jsonValues.decode || text === '' ? readableField(text) : values.decode(text)]
    }))
  } catch {
    return readableObject(payload)
  }
}

/** Bytes are what was given, as on Temporal; as JSON they are shown as anything is that JSON has not. */
function readableField(text: Payload): unknown {
  const shown = readablePayload(text)
  if (encodedPayload(text)?.encoding !== 'binary/plain') return shown
  return Object.defineProperty(jsonValues.decode(text) as object, 'toJSON', { value: () => shown, configurable: true })
}

/** An Error, which JSON.stringify would show as an empty object: its JSON is what was stored. */
export function readableFailure(payload: Payload | null, values: ValueConverter = jsonValues): Error | undefined {
  if (payload === null) return undefined
  const plain = readablePayload(payload)
  let failure: Error
  try {
    failure = shownFailure(values.failures, payload)
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error))
  }
  return Object.defineProperty(failure, 'toJSON', { value: () => plain, configurable: true })
}
