import { isBuiltInQuery } from '../execution/built-in-queries.ts'
import { PerdureError } from '../error.ts'
import { checkedId, shown } from './given-options.ts'

export type MessageKind = 'signal' | 'query' | 'update'

/**
 * A signal, query or update by its definition or its name. Callers may be JavaScript: any value may come.
 * @throws PerdureError ID_INVALID
 */
export function nameOfMessage(message: { readonly name: string } | string, kind: MessageKind, call = `${kind}()`): string {
  const given: unknown = typeof message === 'object' && message !== null ? message.name : message
  if (typeof given === 'string') return given
  const maker = `define${kind.charAt(0).toUpperCase()}${kind.slice(1)}()`
  const place = `${kind === 'update' ? 'an' : 'a'} ${kind}`
  throw new PerdureError(
    'ID_INVALID',
    `${call} was given ${shown(message)} in place of ${place}; pass what ${maker} returned, or its name, and look at its import`,
  )
}

/** @throws PerdureError ID_INVALID, MESSAGE_NAME_RESERVED */
export function checkedName(name: string, kind: MessageKind): string {
  checkedId(name, `name of the ${kind}`)
  if (kind === 'query' && isBuiltInQuery(name)) return name
  if (!name.startsWith('__perdure_') && !name.startsWith('__temporal_')) return name
  throw new PerdureError('MESSAGE_NAME_RESERVED', `The ${kind} name '${name}' is reserved for the engine; choose another`)
}
