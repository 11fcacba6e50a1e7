import { scopeOf } from './cancellation-scope.ts'
import type { SignalHandler, UpdateHandler, WorkflowHost } from './host.ts'
import {
  checkedDefinition, type DefaultQueryHandler, type DefaultSignalHandler, type DefaultUpdateHandler, HandlerUnfinishedPolicy,
  type MessageType, type QueryDefinition, refuseReserved, type SignalDefinition, type UpdateDefinition,
} from './message-definition.ts'
import { unknownOptionHint } from './near-match.ts'
import { PerdureError } from './perdure-error.ts'
import { updateInfoStorage, type UpdateInfo } from './update-context.ts'

/** What may handle a definition: of signals and updates also an async function, of a query one that answers at once. */
export type Handler<
  Ret, Args extends unknown[], T extends UpdateDefinition<Ret, Args> | SignalDefinition<Args> | QueryDefinition<Ret, Args>,
> = T extends UpdateDefinition<infer R, infer A> ? (...args: A) => R | Promise<R>
  : T extends SignalDefinition<infer A> ? (...args: A) => void | Promise<void>
  : T extends QueryDefinition<infer R, infer A> ? (...args: A) => R
  : never

/** Throws to reject an update before it changes anything; must not be async, nor change anything itself. */
export type UpdateValidator<Args extends unknown[]> = (...args: Args) => void

export type QueryHandlerOptions = {
  /** One line for people. */
  readonly description?: string
}
export type SignalHandlerOptions = {
  /** One line for people. */
  readonly description?: string
  /** Default WARN_AND_ABANDON. */
  readonly unfinishedPolicy?: HandlerUnfinishedPolicy
}
export type UpdateHandlerOptions<Args extends unknown[]> = {
  readonly validator?: UpdateValidator<Args>
  /** One line for people. */
  readonly description?: string
  /** Default WARN_AND_ABANDON. */
  readonly unfinishedPolicy?: HandlerUnfinishedPolicy
}

/** The options that handlers of a definition may have. */
export type HandlerOptions<T> = T extends UpdateDefinition<infer _R, infer A> ? UpdateHandlerOptions<A>
  : T extends { readonly type: 'signal' } ? SignalHandlerOptions
  : QueryHandlerOptions

/**
 * Sets what happens on a signal, a query or an update; `undefined` takes it back. Signals that came before are handled
 * inside the call, in their order. A query handler must answer at once and must not change anything.
 * @throws PerdureError HANDLER_INVALID
 * @example setHandler(addItem, (item) => items.push(item), { validator: (item) => { if (item === '') throw new Error('no item') } })
 * @see https://docs.temporal.io/handling-messages
 */
export function setHandler<
  Ret, Args extends unknown[], T extends UpdateDefinition<Ret, Args> | SignalDefinition<Args> | QueryDefinition<Ret, Args>,
>(definition: T, handler: Handler<Ret, Args, T> | undefined, options?: HandlerOptions<T>): void {
  const { host } = scopeOf('setHandler()')
  const def = checkedDefinition(definition)
  refuseReserved(def.name)
  const what = `${def.type} '${def.name}'`
  const set = checkedHandler(handler, what)
  setOn(host, def, set, checkedOptions(options ?? {}, def.type, what))
}

interface GivenOptions {
  readonly description?: string
  readonly unfinishedPolicy?: HandlerUnfinishedPolicy
  readonly validator?: UpdateHandler['validator']
}
type AnyHandler = (...args: never[]) => unknown

function setOn(
  host: WorkflowHost, def: { readonly type: MessageType; readonly name: string }, handler: AnyHandler | undefined, options: GivenOptions,
): void {
  const { description, validator, unfinishedPolicy = HandlerUnfinishedPolicy.WARN_AND_ABANDON } = options
  switch (def.type) {
    case 'signal':
      return host.setSignalHandler(def.name, handler as SignalHandler | undefined, { description, unfinishedPolicy })
    case 'query':
      return host.setQueryHandler(def.name, handler, { description })
    case 'update':
      return host.setUpdateHandler(def.name, handler && { handler, validator, description, unfinishedPolicy })
  }
}

/** Sets what gets signals for which no handler is set, those that came before included; `undefined` takes it back. */
export function setDefaultSignalHandler(handler: DefaultSignalHandler | undefined): void {
  const { host } = scopeOf('setDefaultSignalHandler()')
  host.setDefaultSignalHandler(checkedHandler(handler, 'signals') as DefaultSignalHandler | undefined)
}

/** Sets what gets updates for which no handler is set; `undefined` takes it back. */
export function setDefaultUpdateHandler(handler: DefaultUpdateHandler | undefined): void {
  const { host } = scopeOf('setDefaultUpdateHandler()')
  host.setDefaultUpdateHandler(checkedHandler(handler, 'updates') as DefaultUpdateHandler | undefined)
}

/** Sets what answers queries for which no handler is set; `undefined` takes it back. */
export function setDefaultQueryHandler(handler: DefaultQueryHandler | undefined): void {
  const { host } = scopeOf('setDefaultQueryHandler()')
  host.setDefaultQueryHandler(checkedHandler(handler, 'queries') as DefaultQueryHandler | undefined)
}

/**
 * True when no handler of a signal or an update is running. A workflow that ends abandons them.
 * @example await condition(allHandlersFinished)
 */
export function allHandlersFinished(): boolean {
  return scopeOf('allHandlersFinished()').host.allHandlersFinished()
}

/** The update whose handler the running code belongs to, or undefined. */
export function currentUpdateInfo(): UpdateInfo | undefined {
  scopeOf('currentUpdateInfo()')
  return updateInfoStorage.getStore()
}

function checkedHandler(handler: unknown, what: string): AnyHandler | undefined {
  if (handler === undefined || handler === null) return undefined
  if (typeof handler === 'function') return handler as AnyHandler
  throw invalid(`The handler of ${what} is of type ${typeof handler}; pass a function, or undefined to take it back`)
}

const optionsOf: Readonly<Record<MessageType, readonly (keyof GivenOptions)[]>> = {
  query: ['description'],
  signal: ['description', 'unfinishedPolicy'],
  update: ['description', 'unfinishedPolicy', 'validator'],
}

function checkedOptions(options: GivenOptions, type: MessageType, what: string): GivenOptions {
  if (typeof options !== 'object' || options === null) throw invalid(`The options of ${what} are ${String(options)}; pass an object`)
  for (const [key, value] of Object.entries(options)) {
    if (value === undefined || (optionsOf[type] as readonly string[]).includes(key)) continue
    throw invalid(`Unknown option '${key}' of the handler of ${what}${unknownOptionHint(key, optionsOf[type])}`)
  }
  const { description, unfinishedPolicy, validator } = options
  if (description !== undefined && typeof description !== 'string') throw invalid(`The description of ${what} is no text`)
  if (unfinishedPolicy !== undefined && !Object.hasOwn(HandlerUnfinishedPolicy, unfinishedPolicy)) {
    throw invalid(`The unfinishedPolicy of ${what} is '${unfinishedPolicy}'; give WARN_AND_ABANDON or ABANDON`)
  }
  if (validator !== undefined && typeof validator !== 'function') throw invalid(`The validator of ${what} is no function`)
  return options
}

function invalid(message: string): PerdureError {
  return new PerdureError('HANDLER_INVALID', message)
}
