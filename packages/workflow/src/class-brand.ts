/**
 * Makes `instanceof` work by a mark instead of by identity, so that a class loaded twice (two installed versions, hot
 * reloading) still recognises its own. Subclasses made elsewhere keep the ordinary meaning of `instanceof`.
 */
export function brandClass(branded: { readonly name: string; readonly prototype: object }, name: string): void {
  const mark = Symbol.for(`perdure.class.${name}`)
  Object.defineProperty(branded.prototype, mark, { value: true })
  Object.defineProperty(branded.prototype, 'name', { value: name, configurable: true, writable: true })
  Object.defineProperty(branded, Symbol.hasInstance, {
    value(this: unknown, candidate: unknown): boolean {
      if (this !== branded) return ordinaryHasInstance.call(this as () => void, candidate)
      return typeof candidate === 'object' && candidate !== null && (candidate as Record<symbol, unknown>)[mark] === true
    },
  })
}

/** Makes instances of `branded` count as those of another branded class too, which it does not extend. */
export function alsoBrand(branded: { readonly prototype: object }, name: string): void {
  Object.defineProperty(branded.prototype, Symbol.for(`perdure.class.${name}`), { value: true })
}

const ordinaryHasInstance = Function.prototype[Symbol.hasInstance]
