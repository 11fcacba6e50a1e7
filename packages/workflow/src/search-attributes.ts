/**
 * Search attributes: what executions are listed by. Typed (a key says of what type its value is), or as plain lists.
 * Stored as lists of JSON values, without types: what a value is, the key says that it is read with.
 */
import { brandClass } from './class-brand.ts'
import { PerdureError } from './perdure-error.ts'

export const SearchAttributeType = {
  TEXT: 'TEXT', KEYWORD: 'KEYWORD', INT: 'INT', DOUBLE: 'DOUBLE', BOOL: 'BOOL', DATETIME: 'DATETIME', KEYWORD_LIST: 'KEYWORD_LIST',
} as const
export type SearchAttributeType = (typeof SearchAttributeType)[keyof typeof SearchAttributeType]

interface ValueOfType {
  TEXT: string
  KEYWORD: string
  INT: number
  DOUBLE: number
  BOOL: boolean
  DATETIME: Date
  KEYWORD_LIST: string[]
}

export interface SearchAttributeKey<T extends SearchAttributeType> {
  name: string
  type: T
}

/** A value with its key. */
export type SearchAttributePair = {
  [T in SearchAttributeType]: { key: SearchAttributeKey<T>; value: ValueOfType[T] }
}[SearchAttributeType]

/** As a pair; null takes the attribute away. */
export type SearchAttributeUpdatePair = {
  [T in SearchAttributeType]: { key: SearchAttributeKey<T>; value: ValueOfType[T] | null }
}[SearchAttributeType]

export type SearchAttributeValue = string[] | number[] | boolean[] | Date[]
/** By name; undefined and an empty list take an attribute away. Typed pairs are preferred. */
export type SearchAttributes = Record<string, SearchAttributeValue | Readonly<SearchAttributeValue> | undefined>

/** Search attributes as they are kept: lists of JSON values; an empty one takes the attribute away. */
export type PlainSearchAttributes = Readonly<Record<string, readonly unknown[]>>

/**
 * A search attribute by its name, with the type of its value.
 * @example const region = defineSearchAttributeKey('Region', SearchAttributeType.KEYWORD)
 * @throws PerdureError SEARCH_ATTRIBUTES_INVALID
 */
export function defineSearchAttributeKey<T extends SearchAttributeType>(name: string, type: T): SearchAttributeKey<T> {
  checkKey({ name, type }, 'defineSearchAttributeKey()')
  return { name, type }
}

interface Kept {
  /** Undefined for what was stored: then the key that reads says it. */
  readonly type: SearchAttributeType | undefined
  readonly values: readonly unknown[]
}

/** Search attributes by their keys. Immutable: `updateCopy` gives another. */
export class TypedSearchAttributes {
  #kept = new Map<string, Kept>()

  /** @throws PerdureError SEARCH_ATTRIBUTES_INVALID when a value is not of its type, or a name comes twice */
  constructor(initialAttributes: readonly SearchAttributePair[] = []) {
    const what = 'new TypedSearchAttributes()'
    for (const pair of initialAttributes) {
      checkPair(pair, what)
      if (this.#kept.has(pair.key.name)) throw invalid(what, `the key '${pair.key.name}' comes twice; give it once`)
      this.#kept.set(pair.key.name, { type: pair.key.type, values: plainValues(pair.value) })
    }
  }

  /** The value, or undefined when there is none, or none of the key's type. */
  get<T extends SearchAttributeType>(key: SearchAttributeKey<T>): ValueOfType[T] | undefined {
    const kept = this.#kept.get(key.name)
    return kept === undefined ? undefined : valueAs(key.type, kept.values)
  }

  /** All of them; the type of one that was read from an execution is a guess by its value. */
  getAll(): SearchAttributePair[] {
    const pairs: SearchAttributePair[] = []
    for (const [name, { type, values }] of this.#kept) {
      const shown = type ?? typeOf(values)
      const value = shown === undefined ? undefined : valueAs(shown, values)
      if (value !== undefined) pairs.push({ key: { name, type: shown }, value } as SearchAttributePair)
    }
    return pairs
  }

  copy(): TypedSearchAttributes {
    const copied = new TypedSearchAttributes()
    copied.#kept = new Map(this.#kept)
    return copied
  }

  /** A copy with these set; null takes one away. */
  updateCopy(updates: readonly SearchAttributeUpdatePair[]): TypedSearchAttributes {
    const copied = this.copy()
    for (const pair of updates) {
      checkPair(pair, 'updateCopy()')
      if (pair.value === null) copied.#kept.delete(pair.key.name)
      else copied.#kept.set(pair.key.name, { type: pair.key.type, values: plainValues(pair.value) })
    }
    return copied
  }

  toJSON(): SearchAttributePair[] {
    return this.getAll()
  }

  /** Internal. As they are kept. */
  toPlain(): PlainSearchAttributes {
    return Object.fromEntries([...this.#kept].map(([name, { values }]) => [name, values]))
  }

  /** Internal. From what an execution has: types are not stored. */
  static fromPlain(plain: Readonly<Record<string, unknown>>): TypedSearchAttributes {
    const typed = new TypedSearchAttributes()
    for (const [name, value] of Object.entries(plain)) {
      typed.#kept.set(name, { type: undefined, values: Array.isArray(value) ? value : [value] })
    }
    return typed
  }
}

brandClass(TypedSearchAttributes, 'TypedSearchAttributes')

/**
 * What a call was given, as it is kept. Typed ones win over plain ones of the same name.
 * @param what names the place in errors, as in "upsertSearchAttributes()"
 * @throws PerdureError SEARCH_ATTRIBUTES_INVALID
 */
export function plainSearchAttributes(
  plain: SearchAttributes | undefined, typed: readonly SearchAttributeUpdatePair[] | TypedSearchAttributes | undefined, what: string,
): PlainSearchAttributes {
  const merged: Record<string, readonly unknown[]> = {}
  for (const [name, values] of Object.entries(checkedPlain(plain, what))) merged[name] = plainValues(values ?? [])
  return { ...merged, ...plainOfTyped(typed, what) }
}

function checkedPlain(plain: SearchAttributes | undefined, what: string): SearchAttributes {
  if (plain === undefined) return {}
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain)) {
    throw invalid(what, 'the search attributes are no object; give lists by name, as in { Region: ["eu"] }')
  }
  for (const [name, values] of Object.entries(plain)) {
    if (values === undefined || (Array.isArray(values) && values.every(isPlainValue))) continue
    const remedy = `give a list, also for one value, as in { ${name}: ${listOf(values)} }`
    throw invalid(what, `the value of '${name}' is no list of texts, numbers, booleans or Dates; ${remedy}`)
  }
  return plain
}

/** What was meant, where it is one value. */
function listOf(value: unknown): string {
  const meant = isPlainValue(value) ? JSON.stringify([value]) : '["eu"]'
  return meant.length <= shownCharactersMax ? meant : '["..."]'
}

function plainOfTyped(
  typed: readonly SearchAttributeUpdatePair[] | TypedSearchAttributes | undefined, what: string,
): PlainSearchAttributes {
  if (typed === undefined) return {}
  if (typed instanceof TypedSearchAttributes) return typed.toPlain()
  if (!Array.isArray(typed)) {
    throw invalid(what, 'the typed ones are no list of pairs; give [{ key, value }] or new TypedSearchAttributes([...])')
  }
  const pairs = typed as readonly SearchAttributeUpdatePair[]
  for (const pair of pairs) checkPair(pair, what)
  return Object.fromEntries(pairs.map(({ key, value }) => [key.name, value === null ? [] : plainValues(value)]))
}

function checkPair(pair: SearchAttributeUpdatePair, what: string): void {
  if (typeof pair !== 'object' || pair === null) throw invalid(what, `${String(pair)} is given in place of a pair { key, value }`)
  checkKey(pair.key, what)
  const { key, value } = pair
  if (value !== null && !isOfType(key.type, value)) throw invalid(what, `the value of '${key.name}' is no ${wanted[key.type]}`)
}

function checkKey(key: { readonly name: unknown; readonly type: unknown } | undefined, what: string): void {
  if (typeof key?.name !== 'string' || key.name === '') throw invalid(what, 'a key has no name; make it with defineSearchAttributeKey()')
  if (Object.hasOwn(SearchAttributeType, String(key.type))) return
  throw invalid(what, `the type of key '${key.name}' is ${String(key.type)}; give one of ${Object.keys(SearchAttributeType).join(', ')}`)
}

const wanted: Readonly<Record<SearchAttributeType, string>> = {
  TEXT: 'text', KEYWORD: 'text', INT: 'whole number', DOUBLE: 'number', BOOL: 'boolean', DATETIME: 'valid Date',
  KEYWORD_LIST: 'list of texts',
}

function isOfType(type: SearchAttributeType, value: unknown): boolean {
  switch (type) {
    case 'TEXT':
    case 'KEYWORD':
      return typeof value === 'string'
    case 'INT':
      return Number.isSafeInteger(value)
    case 'DOUBLE':
      return Number.isFinite(value)
    case 'BOOL':
      return typeof value === 'boolean'
    case 'DATETIME':
      return value instanceof Date && !Number.isNaN(value.getTime())
    case 'KEYWORD_LIST':
      return Array.isArray(value) && value.every((each) => typeof each === 'string')
  }
}

function isPlainValue(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value) || isOfType('DATETIME', value)
}

function plainValues(value: unknown): readonly unknown[] {
  return (Array.isArray(value) ? value : [value]).map((each: unknown) => each instanceof Date ? each.toISOString() : each)
}

function valueAs<T extends SearchAttributeType>(type: T, values: readonly unknown[]): ValueOfType[T] | undefined {
  const [first] = values
  const value = type === 'KEYWORD_LIST' ? [...values]
    : values.length !== 1 ? undefined
    : type === 'DATETIME' && typeof first === 'string' ? new Date(first)
    : first
  return isOfType(type, value) ? value as ValueOfType[T] : undefined
}

const shownCharactersMax = 100

const isoDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/

function typeOf(values: readonly unknown[]): SearchAttributeType | undefined {
  const [first] = values
  if (values.length !== 1) return isOfType('KEYWORD_LIST', values) ? 'KEYWORD_LIST' : undefined
  if (typeof first === 'boolean') return 'BOOL'
  if (typeof first === 'number') return Number.isInteger(first) ? 'INT' : 'DOUBLE'
  if (typeof first !== 'string') return undefined
  return isoDate.test(first) && !Number.isNaN(Date.parse(first)) ? 'DATETIME' : 'TEXT'
}

function invalid(what: string, problem: string): PerdureError {
  return new PerdureError('SEARCH_ATTRIBUTES_INVALID', `Wrong search attributes of ${what}: ${problem}`)
}
