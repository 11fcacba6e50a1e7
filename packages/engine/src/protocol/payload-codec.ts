/**
 * Values to payloads and back. JSON as `JSON.stringify` writes it, except that what it would empty or change beyond
 * recognition (functions, symbols, NaN, holes of arrays, Error, Map, Set, binary data, ...) is refused with its path. What is
 * refused and what stays as JSON has it is written in unserialisable-value.ts and in docs/getting-started.md.
 *
 * The native call comes first: it finds circles and BigInts by itself, so the walk over the value afterwards needs no
 * memory of where it was. Only a value that is refused is walked a second time, for its path.
 */
import { payloadBytesMax } from '../limits.ts'
import { emptyPayload, type Payload } from './payload.ts'
import { PayloadError } from './payload-error.ts'
import { describeUnserialisable } from './unserialisable-value.ts'

/**
 * @param what names the value in errors, as in "result of activity 'charge'"
 * @throws PayloadError PAYLOAD_NOT_SERIALISABLE, PAYLOAD_TOO_LARGE
 */
export function encodePayload(value: unknown, what: string): Payload {
  if (value === undefined) return emptyPayload
  let text: string | undefined
  let storable: boolean
  try {
    text = JSON.stringify(value) as string | undefined
    storable = isStorable(value)
  } catch (error) {
    throw refusal([value], () => what, error)
  }
  if (!storable) throw refusal([value], () => what, undefined)
  if (text === undefined) return emptyPayload
  checkSize(text, '', what)
  return text as Payload
}

/**
 * A JSON array. Trailing `undefined`s are left out, so that default parameters apply; others become null (value-converter.ts keeps them).
 * @param what names the receiver in errors, as in "activity 'charge'"
 * @throws PayloadError PAYLOAD_NOT_SERIALISABLE, PAYLOAD_TOO_LARGE
 */
export function encodeArguments(args: readonly unknown[], what: string): Payload {
  let length = args.length
  while (length > 0 && args[length - 1] === undefined) length--
  const given = length === args.length ? args : args.slice(0, length)
  let text: string
  let storable: boolean
  try {
    text = JSON.stringify(given)
    storable = isStorableArray(given)
  } catch (error) {
    throw refusal(given, (index) => argumentName(index, what), error)
  }
  if (!storable) throw refusal(given, (index) => argumentName(index, what), undefined)
  checkSize(text, 'arguments of ', what)
  return text as Payload
}

/** @throws PayloadError PAYLOAD_UNREADABLE */
export function decodePayload(payload: Payload): unknown {
  if (payload === '') return undefined
  try {
    return JSON.parse(payload)
  } catch (error) {
    throw unreadable(payload, error)
  }
}

/** @throws PayloadError PAYLOAD_UNREADABLE */
export function decodeArguments(payload: Payload): unknown[] {
  const value = decodePayload(payload)
  if (value === undefined) return []
  if (!Array.isArray(value)) throw unreadable(payload, undefined)
  return value
}

function argumentName(index: number, what: string): string {
  return `argument ${index + 1} of ${what}`
}

function refusal(parts: readonly unknown[], nameOf: (index: number) => string, failed: unknown): PayloadError {
  if (failed instanceof RangeError) return notSerialisable(`${nameOf(0)}: nested too deeply for JSON; pass a flatter value`, failed)
  for (const [index, part] of parts.entries()) {
    const found = describeUnserialisable(part)
    if (found !== undefined) return notSerialisable(`${nameOf(index)}: ${found.path} is ${found.problem}; ${found.remedy}`, failed)
  }
  const reason = failed instanceof Error ? failed.message : String(failed)
  return notSerialisable(`${nameOf(0)} cannot be written as JSON (${reason})`, failed)
}

function notSerialisable(message: string, cause: unknown): PayloadError {
  return new PayloadError('PAYLOAD_NOT_SERIALISABLE', message, cause === undefined ? undefined : { cause })
}

/** The value is free of circles: JSON.stringify has passed over it. */
function isStorable(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? isStorableArray(value) : isStorableObject(value)
  return isStorableScalar(value)
}

function isStorableScalar(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  return typeof value === 'string' || typeof value === 'boolean' || value === null || value === undefined
}

function isStorableArray(value: readonly unknown[]): boolean {
  for (let index = 0; index < value.length; index++) {
    const element = value[index]
    if (element === undefined ? !(index in value) : !isStorableScalar(element) && !isStorable(element)) return false
  }
  return true
}

function isStorableObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return isStorableInstance(value)
  for (const key in value) {
    const member = (value as Record<string, unknown>)[key]
    if (!isStorableScalar(member) && !isStorable(member)) return key === 'toJSON' && isStorableInstance(value)
  }
  return true
}

/** Class instances: describing them is the slow walk's business, and it knows them all. */
function isStorableInstance(value: object): boolean {
  return (value instanceof Date && !Number.isNaN(value.getTime())) || describeUnserialisable(value) === undefined
}

function checkSize(text: string, prefix: string, what: string): void {
  // No character takes more than three bytes per unit of UTF-16.
  if (text.length * 3 <= payloadBytesMax) return
  const bytes = Buffer.byteLength(text)
  if (bytes <= payloadBytesMax) return
  throw new PayloadError(
    'PAYLOAD_TOO_LARGE',
    `${prefix}${what}: ${bytes} bytes as JSON, more than the limit of ${payloadBytesMax} bytes (${payloadBytesMax / 1024 / 1024} MiB); ` +
      'keep large data in a file or object store and pass a reference to it',
  )
}

function unreadable(payload: Payload, cause: unknown): PayloadError {
  const start = `; it begins with ${JSON.stringify(payload.slice(0, 40))}`
  const reason = payload.startsWith(':') ? encodedBy(payload, start) : `it is not the JSON that was expected${start}`
  return new PayloadError('PAYLOAD_UNREADABLE', `A stored payload cannot be read: ${reason}`, { cause })
}

function encodedBy(payload: Payload, start: string): string {
  const encoding = encodingIn(payload)
  const option = '(see the option dataConverter)'
  if (encoding === undefined) return `it was encoded by a codec that this engine has not, or could not use ${option}${start}`
  if (convertedApart.has(encoding)) return `it was written with a payload converter, and this engine has none ${option}`
  return `its encoding is '${encoding}', and this engine has no payload codec or payload converter that reads it, ` +
    `or the codec could not decode it, as with another key ${option}`
}

/** Several values in one, each as a payload converter made it. */
const convertedApart: ReadonlySet<string> = new Set(['list/payloads', 'fields/payloads'])

function encodingIn(payload: Payload): string | undefined {
  try {
    const { metadata } = JSON.parse(payload.slice(1)) as { readonly metadata?: { readonly encoding?: unknown } }
    return typeof metadata?.encoding === 'string' ? metadata.encoding : undefined
  } catch {
    return undefined
  }
}
