/** What a factory of interceptors returned, before anything relies on it: what is not understood would be left out in silence. Pure. */
import { PerdureError } from '@perdure/workflow'
import { unknownOptionHint } from '@perdure/workflow/host'

/**
 * @param parts names of what it may have: lists of objects, or with `single` one object each
 * @throws PerdureError INTERCEPTORS_INVALID
 */
export function checkMade(made: unknown, of: 'workflows' | 'activities', parts: readonly string[], single = false): void {
  const wanted = single ? '{ inbound, outbound }, objects with methods' : '{ inbound: [...], outbound: [...] }, lists of objects'
  const what = `A factory of interceptors of ${of} returned`
  if (typeof made !== 'object' || made === null) throw invalid(`${what} ${String(made)}; it returns ${wanted}`)
  if (made instanceof Promise) throw invalid(`${what} a promise; it is not async: it returns ${wanted}`)
  for (const [name, part] of Object.entries(made)) {
    if (!parts.includes(name)) throw invalid(`${what} something with '${name}'${unknownOptionHint(name, parts)}`)
    if (part === undefined) continue
    const objects: readonly unknown[] | undefined = single ? [part] : Array.isArray(part) ? part : undefined
    const isFine = objects?.every((each) => typeof each === 'object' && each !== null && !(single && Array.isArray(each))) ?? false
    const kind = single ? 'an object' : 'a list of objects'
    if (!isFine) throw invalid(`${what} something else as '${name}' than ${kind}; it returns ${wanted}`)
  }
}

function invalid(message: string): PerdureError {
  return new PerdureError('INTERCEPTORS_INVALID', message)
}
