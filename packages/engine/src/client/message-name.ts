import { PerdureError } from '../error.ts'
import { checkedId } from './given-options.ts'

/** A signal or query by its definition or its name. */
export function nameOfMessage(message: { readonly name: string } | string): string {
  return typeof message === 'string' ? message : (message as { readonly name: string } | undefined)?.name ?? ''
}

/** @throws PerdureError ID_INVALID, MESSAGE_NAME_RESERVED */
export function checkedName(name: string, kind: 'signal' | 'query'): string {
  checkedId(name, `name of the ${kind}`)
  if (!name.startsWith('__perdure_') && !name.startsWith('__temporal_')) return name
  throw new PerdureError('MESSAGE_NAME_RESERVED', `The ${kind} name '${name}' is reserved for the engine; choose another`)
}
