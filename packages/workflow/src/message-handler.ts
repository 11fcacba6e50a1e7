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

/** What may handle a definition. */
export type Handler<Ret, Args extends unknown[], T extends SignalDefinition<Args> | QueryDefinition<Ret, Args>> =
  T extends SignalDefinition<infer A> ? (...args: A) => void | Promise<void>
  : T extends QueryDefinition<infer R, infer A> ? (...args: A) => R
  : never

/** @example const approve = defineSignal<[by: string]>('approve') */
export function defineSignal<Args extends unknown[] = [], Name extends string = string>(name: Name): SignalDefinition<Args, Name> {
  return { type: 'signal', name } as SignalDefinition<Args, Name>
}

/** @example const status = defineQuery<string>('status') */
export function defineQuery<Ret, Args extends unknown[] = [], Name extends string = string>(name: Name): QueryDefinition<Ret, Args, Name> {
  return { type: 'query', name } as QueryDefinition<Ret, Args, Name>
}

/**
 * Sets what happens on a signal or a query; `undefined` takes it back. Signals that came before are handled inside the
 * call, in their order. A query handler must answer at once and must not change anything.
 * @throws PerdureError HANDLER_INVALID
 */
export function setHandler<Ret, Args extends unknown[], T extends QueryDefinition<Ret, Args>>(
  def: T, handler: Handler<Ret, Args, T> | undefined,
): void
export function setHandler<Ret, Args extends unknown[], T extends SignalDefinition<Args>>(
  def: T, handler: Handler<Ret, Args, T> | undefined,
): void
export function setHandler(
  def: SignalDefinition<never[]> | QueryDefinition<unknown, never[]>, handler: ((...args: never[]) => unknown) | undefined | null,
): void {
  const { host } = scopeOf('setHandler()')
  refuseReserved(def.name)
  if (handler !== undefined && handler !== null && typeof handler !== 'function') {
    throw invalid(`The handler of ${def.type} '${def.name}' is of type ${typeof handler}; pass a function, or undefined to take it back`)
  }
  const set = handler ?? undefined
  if (def.type === 'signal') host.setSignalHandler(def.name, set as SignalHandler | undefined)
  else if (def.type === 'query') host.setQueryHandler(def.name, set)
  else throw invalid('setHandler() needs what defineSignal() or defineQuery() returned')
}

function refuseReserved(name: unknown): void {
  if (typeof name !== 'string' || name === '') throw invalid('A signal or query needs a name: pass it to defineSignal() or defineQuery()')
  if (!name.startsWith('__perdure_') && !name.startsWith('__temporal_')) return
  throw invalid(`The name '${name}' is reserved; choose one that does not begin with __perdure_ or __temporal_`)
}

function invalid(message: string): PerdureError {
  return new PerdureError('HANDLER_INVALID', message)
}
