/** Signals, queries and updates by their names, with the types of what goes in and comes out. */
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

/** An update's name with the types of its arguments and of its result. */
export interface UpdateDefinition<Ret, Args extends unknown[] = [], Name extends string = string> {
  readonly type: 'update'
  readonly name: Name
  readonly [argsBrand]: Args
  readonly [retBrand]: Ret
}

/**
 * A signal by its name, for `setHandler` in the workflow and `signal` of clients and other workflows.
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
 * An update by its name, for `setHandler` in the workflow and `executeUpdate` of the client: a message that is answered.
 * @example const addItem = defineUpdate<number, [item: string]>('addItem')
 * @throws PerdureError HANDLER_INVALID when the name is empty
 */
export function defineUpdate<Ret, Args extends unknown[] = [], Name extends string = string>(
  name: Name,
): UpdateDefinition<Ret, Args, Name> {
  requireName(name, 'defineUpdate')
  return { type: 'update', name } as UpdateDefinition<Ret, Args, Name>
}

/** What is said when a workflow ends while a handler has not. */
export const HandlerUnfinishedPolicy = {
  /** A line in the log. The default. */
  WARN_AND_ABANDON: 'WARN_AND_ABANDON',
  /** Nothing. */
  ABANDON: 'ABANDON',
} as const
export type HandlerUnfinishedPolicy = (typeof HandlerUnfinishedPolicy)[keyof typeof HandlerUnfinishedPolicy]

/** Gets the signals for which no handler is set. */
export type DefaultSignalHandler = (signalName: string, ...args: unknown[]) => void | Promise<void>
/** Gets the updates for which no handler is set. */
export type DefaultUpdateHandler = (updateName: string, ...args: unknown[]) => unknown
/** Answers the queries for which no handler is set. */
export type DefaultQueryHandler = (queryName: string, ...args: unknown[]) => unknown
export type MessageType = 'signal' | 'query' | 'update'

/** Callers may be JavaScript: any value may come. */
export function checkedDefinition(given: unknown): { readonly type: MessageType; readonly name: string } {
  const { type, name } = (given ?? {}) as { readonly type?: unknown; readonly name?: unknown }
  const known = type === 'signal' || type === 'query' || type === 'update'
  if (known && typeof name === 'string' && name !== '') return { type, name }
  const what = given === null || given === undefined ? String(given) : `a value of type ${typeof given}`
  throw invalid(
    `setHandler() was called with ${what} in place of a signal, query or update; pass what defineSignal(), defineQuery() or ` +
      'defineUpdate() returned, and look at its import',
  )
}

/**
 * The name of a signal that is to be sent.
 * @throws PerdureError ID_INVALID, MESSAGE_NAME_RESERVED
 */
export function signalNameOf(given: SignalDefinition<unknown[]> | string, called: string): string {
  const name: unknown = typeof given === 'string' ? given : (given as { readonly name?: unknown } | null | undefined)?.name
  if (typeof name !== 'string' || name === '') {
    throw new PerdureError('ID_INVALID', `${called} was given no signal; pass its name, or what defineSignal() returned`)
  }
  if (isReserved(name)) throw new PerdureError('MESSAGE_NAME_RESERVED', `The name '${name}' is reserved; ${remedy}`)
  return name
}

/** @throws PerdureError HANDLER_INVALID */
export function refuseReserved(name: string): void {
  if (isReserved(name)) throw invalid(`The name '${name}' is reserved; ${remedy}`)
}

const remedy = 'choose one that does not begin with __perdure_ or __temporal_, and is not that of a query that every workflow answers'

function isReserved(name: string): boolean {
  return name.startsWith('__perdure_') || name.startsWith('__temporal_') || name === '__stack_trace' || name === '__enhanced_stack_trace'
}

function requireName(name: unknown, called: 'defineSignal' | 'defineQuery' | 'defineUpdate'): void {
  if (typeof name === 'string' && name !== '') return
  const problem = name === '' ? 'an empty name' : `${name === null ? 'null' : `a value of type ${typeof name}`} in place of a name`
  throw invalid(`${called}() was called with ${problem}; give it a text, as in ${called}('approve')`)
}

function invalid(message: string): PerdureError {
  return new PerdureError('HANDLER_INVALID', message)
}
