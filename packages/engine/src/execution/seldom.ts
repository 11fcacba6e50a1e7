/**
 * A Set and a Map for what is mostly empty: they take up nothing until something is put in. An execution has a dozen of them,
 * and empty ones of the language would be two thirds of its memory.
 */
export class SeldomSet<T> {
  #items: Set<T> | undefined

  get size(): number {
    return this.#items === undefined ? 0 : this.#items.size
  }

  has(item: T): boolean {
    return this.#items !== undefined && this.#items.has(item)
  }

  add(item: T): void {
    this.#items ??= new Set()
    this.#items.add(item)
  }

  delete(item: T): boolean {
    return this.#items !== undefined && this.#items.delete(item)
  }

  [Symbol.iterator](): Iterator<T> {
    return (this.#items ?? none)[Symbol.iterator]()
  }
}

export class SeldomMap<K, V> {
  #entries: Map<K, V> | undefined

  get size(): number {
    return this.#entries === undefined ? 0 : this.#entries.size
  }

  get(key: K): V | undefined {
    return this.#entries === undefined ? undefined : this.#entries.get(key)
  }

  has(key: K): boolean {
    return this.#entries !== undefined && this.#entries.has(key)
  }

  set(key: K, value: V): void {
    this.#entries ??= new Map()
    this.#entries.set(key, value)
  }

  delete(key: K): boolean {
    return this.#entries !== undefined && this.#entries.delete(key)
  }

  clear(): void {
    this.#entries = undefined
  }

  keys(): Iterable<K> {
    return this.#entries === undefined ? none : this.#entries.keys()
  }

  values(): Iterable<V> {
    return this.#entries === undefined ? none : this.#entries.values()
  }

  [Symbol.iterator](): Iterator<[K, V]> {
    return (this.#entries ?? none)[Symbol.iterator]()
  }
}

const none: readonly never[] = []
