/** What a factory of interceptors returned, before anything relies on it: what is not understood would be left out in silence. Pure. */
import { PerdureError } from '@perdure/workflow'
import { didYouMean, unknownOptionHint } from '@perdure/workflow/host'

/**
 * @param parts names of what it may have: lists of objects, or with `single` one object each
 * @throws PerdureError INTERCEPTORS_INVALID
 */
export function checkMade(made: unknown, of: 'workflows' | 'activities', parts: readonly string[], single = false): void {
  const wanted = single ? '{ inbound, outbound }, objects with methods' : '{ inbound: [...], outbound: [...] }, lists of objects'
  const what = `A factory of interceptors of ${of} returned`
  if (typeof made !== 'object' || made === null) throw invalid(`${what} ${String(made)}; it returns ${wanted}`)
  if (made instanceof Promise) throw invalid(`${what} a promise; it is not async: it returns ${wanted}`)
  const others = Object.keys(made).filter((name) => !parts.includes(name))
  const found = parts.filter((name) => name in made)
  // Fields of its own are an object's business, as on Temporal, but not what may be mistyped or all there is.
  const mistyped = others.find((name) => didYouMean(name, parts.filter((each) => !found.includes(each))) !== '')
  const unknown = mistyped ?? (found.length === 0 ? others[0] : undefined)
  if (unknown !== undefined) throw invalid(`${what} something with '${unknown}'${unknownOptionHint(unknown, parts)}`)
  if (found.length === 0 && isInstance(made)) throw invalid(`${what} an object without ${parts.join(' or ')}; it returns ${wanted}`)
  for (const name of found) {
    const part: unknown = (made as Readonly<Record<string, unknown>>)[name]
    if (part === undefined) continue
    const objects: readonly unknown[] | undefined = single ? [part] : Array.isArray(part) ? part : undefined
    const isFine = objects?.every((each) => typeof each === 'object' && each !== null && !(single && Array.isArray(each))) ?? false
    const kind = single ? 'an object' : 'a list of objects'
    if (!isFine) throw invalid(`${what} something else as '${name}' than ${kind}; it returns ${wanted}`)
  }
}

function isInstance(made: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(made)
  return prototype !== Object.prototype && prototype !== null
}

function invalid(message: string): PerdureError {
  return new PerdureError('INTERCEPTORS_INVALID', message)
}
