import { scopeOf } from './cancellation-scope.ts'
import type { SignalHandler } from './host.ts'
import { PerdureError } from './perdure-error.ts'

declare const argsBrand: unique symbol
declare const retBrand: unique symbol

/** A signal's name with the types of its arguments. */
export interface SignalDefinition<Args extends unknown[] = [], Name extends string = string> {
  readonly type: 'signal'
  readonly name: Name
  readonly [argsBrand]: Args
}

/** A query's name with the types of its arguments and of its answer. */
export interface QueryDefinition<Ret, Args extends unknown[] = [], Name extends string = string> {
  readonly type: 'query'
  readonly name: Name
  readonly [argsBrand]: Args
  readonly [retBrand]: Ret
}

/** What may handle a definition: of a signal also an async function, of a query one that answers at once. */
export type Handler<Ret, Args extends unknown[], T extends SignalDefinition<Args> | QueryDefinition<Ret, Args>> =
  T extends SignalDefinition<infer A> ? (...args: A) => void | Promise<void>
  : T extends QueryDefinition<infer R, infer A> ? (...args: A) => R
  : never

/**
 * A signal by its name, for `setHandler` in the workflow and `signal` of the client.
 * @example const approve = defineSignal<[by: string]>('approve')
 * @throws PerdureError HANDLER_INVALID when the name is empty
 */
export function defineSignal<Args extends unknown[] = [], Name extends string = string>(name: Name): SignalDefinition<Args, Name> {
  requireName(name, 'defineSignal')
  return { type: 'signal', name } as SignalDefinition<Args, Name>
}

/**
 * A query by its name, for `setHandler` in the workflow and `query` of the client.
 * @example const status = defineQuery<string>('status')
 * @throws PerdureError HANDLER_INVALID when the name is empty
 */
export function defineQuery<Ret, Args extends unknown[] = [], Name extends string = string>(name: Name): QueryDefinition<Ret, Args, Name> {
  requireName(name, 'defineQuery')
  return { type: 'query', name } as QueryDefinition<Ret, Args, Name>
}

/**
 * Sets what happens on a signal or a query; `undefined` takes it back. Signals that came before are handled inside the
 * call, in their order. A query handler must answer at once and must not change anything.
 * @throws PerdureError HANDLER_INVALID
 */
export function setHandler<Ret, Args extends unknown[], T extends SignalDefinition<Args> | QueryDefinition<Ret, Args>>(
  definition: T, handler: Handler<Ret, Args, T> | undefined,
): void {
  const { host } = scopeOf('setHandler()')
  const def = checkedDefinition(definition)
  refuseReserved(def.name)
  if (handler !== undefined && handler !== null && typeof handler !== 'function') {
    throw invalid(`The handler of ${def.type} '${def.name}' is of type ${typeof handler}; pass a function, or undefined to take it back`)
  }
  const set = handler ?? undefined
  if (def.type === 'signal') host.setSignalHandler(def.name, set as SignalHandler | undefined)
  else host.setQueryHandler(def.name, set)
}

function requireName(name: unknown, called: 'defineSignal' | 'defineQuery'): void {
  if (typeof name === 'string' && name !== '') return
  const problem = name === '' ? 'an empty name' : `${name === null ? 'null' : `a value of type ${typeof name}`} in place of a name`
  throw invalid(`${called}() was called with ${problem}; give it a text, as in ${called}('approve')`)
}

/** Callers may be JavaScript: any value may come. */
function checkedDefinition(given: unknown): { readonly type: 'signal' | 'query'; readonly name: string } {
  const { type, name } = (given ?? {}) as { readonly type?: unknown; readonly name?: unknown }
  if ((type === 'signal' || type === 'query') && typeof name === 'string' && name !== '') return { type, name }
  const what = given === null || given === undefined ? String(given) : `a value of type ${typeof given}`
  throw invalid(
    `setHandler() was called with ${what} in place of a signal or query; pass what defineSignal() or defineQuery() returned, and look ` +
      'at its import',
  )
}

function refuseReserved(name: string): void {
  if (!name.startsWith('__perdure_') && !name.startsWith('__temporal_')) return
  throw invalid(`The name '${name}' is reserved; choose one that does not begin with __perdure_ or __temporal_`)
}

function invalid(message: string): PerdureError {
  return new PerdureError('HANDLER_INVALID', message)
}
