/**
 * Finds what in a value cannot be stored as JSON, with its path. Slow and careful: meets circles, getters that throw, proxies.
 *
 * - Refused, because JSON would throw, empty it or put something else in its place: BigInt, functions, symbols, NaN and
 *   infinite numbers, holes of arrays, Error, invalid Date, RegExp, Map, Set, WeakMap, WeakSet, WeakRef, binary data, promises,
 *   circles.
 * - As JSON has it: `undefined` members are left out, `undefined` elements are null, -0 is 0, a Date is its text, whatever
 *   has a toJSON() is what that returns (also an Error), any other instance is its own enumerable fields.
 */
import { isError, thrownType } from '@perdure/workflow/host'

export interface Unserialisable {
  /** From the value itself: `$.items[3].price`. */
  readonly path: string
  /** As in "is a BigInt". */
  readonly problem: string
  readonly remedy: string
}

export function describeUnserialisable(value: unknown): Unserialisable | undefined {
  return search(value, '$', '', new Map())
}

type Ancestors = Map<object, string>

function search(value: unknown, path: string, key: string, ancestors: Ancestors): Unserialisable | undefined {
  switch (typeof value) {
    case 'bigint':
      if (hasToJson(BigInt.prototype)) return undefined
      return { path, problem: 'a BigInt', remedy: 'pass it as a string (String(value)) or as a number' }
    case 'number':
      if (Number.isFinite(value)) return undefined
      return { path, problem: String(value), remedy: 'JSON has no such number: pass null, or a text' }
    case 'function':
      return { path, problem: describeFunction(value), remedy: 'pass plain data, and call functions by name in an activity' }
    case 'symbol':
      return { path, problem: 'a symbol', remedy: 'pass its description as a string' }
    case 'object':
      return value === null ? undefined : searchObject(value, path, key, ancestors)
    default:
      return undefined
  }
}

function searchObject(value: object, path: string, key: string, ancestors: Ancestors): Unserialisable | undefined {
  const kind = unserialisableKind(value)
  if (kind !== undefined) return { path, ...kind }
  const first = ancestors.get(value)
  if (first !== undefined) {
    const remedy = 'pass data without circles, for example ids in place of back references'
    return { path, problem: `a circular reference to ${first}`, remedy }
  }
  ancestors.set(value, path)
  const found = searchMembers(value, path, key, ancestors)
  ancestors.delete(value)
  return found
}

function searchMembers(value: object, path: string, key: string, ancestors: Ancestors): Unserialisable | undefined {
  if (hasToJson(value)) {
    let replaced: unknown
    try {
      replaced = value.toJSON(key)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      return { path, problem: `an object whose toJSON() throws: ${reason}`, remedy: 'mend toJSON(), or pass plain data' }
    }
    return replaced === value ? searchPlain(value, path, ancestors) : search(replaced, path, key, ancestors)
  }
  return searchPlain(value, path, ancestors)
}

function searchPlain(value: object, path: string, ancestors: Ancestors): Unserialisable | undefined {
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      if (!(index in value)) return { path: `${path}[${index}]`, problem: 'a hole of the array', remedy: 'pass null or undefined there' }
      const found = search(value[index], `${path}[${index}]`, String(index), ancestors)
      if (found !== undefined) return found
    }
    return undefined
  }
  for (const key of Object.keys(value)) {
    if (key === 'toJSON' && hasToJson(value)) continue
    const found = search((value as Record<string, unknown>)[key], `${path}${member(key)}`, key, ancestors)
    if (found !== undefined) return found
  }
  return undefined
}

function unserialisableKind(value: object): Omit<Unserialisable, 'path'> | undefined {
  if (value instanceof Date && Number.isNaN(value.getTime())) return { problem: 'an invalid Date', remedy: 'pass null, or a text' }
  if (isError(value) && !hasToJson(value)) {
    const remedy = 'pass what is wanted of it, for example { message: error.message }; to fail, throw it'
    return { problem: `an error (${thrownType(value) ?? 'Error'})`, remedy }
  }
  if (value instanceof RegExp) return { problem: 'a regular expression', remedy: 'pass its source as a string' }
  if (value instanceof Map) return { problem: 'a Map', remedy: 'pass Object.fromEntries(map) or [...map]' }
  if (value instanceof Set) return { problem: 'a Set', remedy: 'pass [...set]' }
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value) || value instanceof SharedArrayBuffer) {
    const remedy = "pass it as text, for example Buffer.from(data).toString('base64')"
    return { problem: `binary data (${value.constructor.name})`, remedy }
  }
  if (value instanceof Promise) return { problem: 'a Promise', remedy: 'await it first' }
  if (value instanceof WeakMap || value instanceof WeakSet || value instanceof WeakRef) {
    return { problem: `a ${value.constructor.name}`, remedy: 'pass plain data' }
  }
  return undefined
}

function hasToJson(value: object): value is object & { toJSON(key: string): unknown } {
  return typeof (value as { toJSON?: unknown }).toJSON === 'function'
}

function describeFunction(value: object): string {
  const { name } = value as { name?: unknown }
  return typeof name === 'string' && name !== '' ? `a function (${name})` : 'a function'
}

function member(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`
}
