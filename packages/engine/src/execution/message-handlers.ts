/**
 * Signal, query and update handlers of one execution. Signals without a handler are kept, in order, until one is set;
 * updates only if they were there before the workflow function was called, and only until its first activation is over:
 * who sent one waits for an answer.
 */
import type { DefaultQueryHandler, DefaultSignalHandler, DefaultUpdateHandler, HandlerUnfinishedPolicy } from '@perdure/workflow'
import type { QueryHandler, QueryHandlerFacts, SignalHandler, SignalHandlerFacts, UpdateHandler } from '@perdure/workflow/host'
import type { ValueConverter } from '../conversion/value-converter.ts'
import type { StoredHeaders } from '../protocol/headers.ts'
import type { Payload } from '../protocol/payload.ts'
import { SeldomMap } from './seldom.ts'

export interface Message {
  readonly name: string
  readonly input: Payload
  readonly headers: StoredHeaders | undefined
}

/** An update that was there before the workflow function was called. */
export interface EarlyUpdate {
  readonly updateId: string
  readonly updateName: string
  readonly identity: string
  readonly headers?: StoredHeaders
  readonly input: Payload
  /** The history says that it was accepted. */
  readonly isAccepted: boolean
}

/** What became of it; undefined: it was accepted. */
export interface EarlyVerdict {
  readonly update: EarlyUpdate
  readonly error: Error | undefined
}

const none: readonly EarlyUpdate[] = []

/** A handler with what it is to be called with. */
export interface Call {
  readonly kind: 'signal' | 'update'
  readonly name: string
  readonly args: readonly unknown[]
  readonly run: (args: readonly unknown[]) => unknown
  /** Throws to reject an update. */
  readonly validate: ((args: readonly unknown[]) => void) | undefined
  readonly unfinishedPolicy: HandlerUnfinishedPolicy
  readonly headers: StoredHeaders | undefined
}

export interface HandlerDescription {
  readonly name: string
  readonly description?: string
}

interface Known<Handler, Facts> {
  readonly handler: Handler
  readonly facts: Facts
}

export class MessageHandlers {
  readonly #signals = new SeldomMap<string, Known<SignalHandler, SignalHandlerFacts>>()
  readonly #queries = new SeldomMap<string, Known<QueryHandler, QueryHandlerFacts>>()
  readonly #updates = new SeldomMap<string, UpdateHandler>()
  /** Undefined: none, as mostly. */
  #kept: Message[] | undefined
  #keptUpdates: EarlyUpdate[] | undefined
  #defaultSignal: DefaultSignalHandler | undefined
  #defaultQuery: DefaultQueryHandler | undefined
  #defaultUpdate: DefaultUpdateHandler | undefined
  /** Runs a handler in the root scope; a rejection or throw of the handler is its concern. */
  readonly #values: ValueConverter
  readonly #invoke: (call: Call) => void
  readonly #invokeEarly: (update: EarlyUpdate) => void

  constructor(values: ValueConverter, invoke: (call: Call) => void, invokeEarly: (update: EarlyUpdate) => void) {
    this.#values = values
    this.#invoke = invoke
    this.#invokeEarly = invokeEarly
  }

  setSignal(name: string, handler: SignalHandler | undefined, facts: SignalHandlerFacts): void {
    if (handler === undefined) {
      this.#signals.delete(name)
      return
    }
    this.#signals.set(name, { handler, facts })
    this.#dispatchKept()
  }

  setDefaultSignal(handler: DefaultSignalHandler | undefined): void {
    this.#defaultSignal = handler
    if (handler !== undefined) this.#dispatchKept()
  }

  setQuery(name: string, handler: QueryHandler | undefined, facts: QueryHandlerFacts): void {
    if (handler === undefined) this.#queries.delete(name)
    else this.#queries.set(name, { handler, facts })
  }

  setDefaultQuery(handler: DefaultQueryHandler | undefined): void {
    this.#defaultQuery = handler
  }

  setUpdate(name: string, handler: UpdateHandler | undefined): void {
    if (handler === undefined) this.#updates.delete(name)
    else {
      this.#updates.set(name, handler)
      this.#dispatchEarly()
    }
  }

  setDefaultUpdate(handler: DefaultUpdateHandler | undefined): void {
    this.#defaultUpdate = handler
    if (handler !== undefined) this.#dispatchEarly()
  }

  /** It came before the workflow function was called. */
  keepUpdate(update: EarlyUpdate): void {
    (this.#keptUpdates ??= []).push(update)
  }

  /** Those that nobody handled in the first activation. */
  takeKeptUpdates(): readonly EarlyUpdate[] {
    const kept = this.#keptUpdates ?? none
    this.#keptUpdates = undefined
    return kept
  }

  dispatchSignal(message: Message): void {
    const call = this.#signalCall(message)
    if (call === undefined) (this.#kept ??= []).push(message)
    else this.#invoke(call)
  }

  /** How many signals of each name wait for a handler. */
  keptSignals(): Record<string, number> {
    const counts: Record<string, number> = {}
    for (const { name } of this.#kept ?? []) counts[name] = (counts[name] ?? 0) + 1
    return counts
  }

  /** Who handles an update of this name. Undefined: nobody. */
  update({ name, input, headers }: Message): Call | undefined {
    const known = this.#updates.get(name)
    const args = this.#values.decodeArguments(input)
    if (known !== undefined) {
      const { handler, validator, unfinishedPolicy } = known
      const validate = validator === undefined ? undefined : spread(validator)
      return { kind: 'update', name, args, run: spread(handler), validate, unfinishedPolicy, headers }
    }
    const handler = this.#defaultUpdate
    if (handler === undefined) return undefined
    const run: Call['run'] = (given) => handler(name, ...given)
    return { kind: 'update', name, args, run, validate: undefined, unfinishedPolicy: 'WARN_AND_ABANDON', headers }
  }

  query(name: string): QueryHandler | undefined {
    const known = this.#queries.get(name)
    if (known !== undefined) return known.handler
    const handler = this.#defaultQuery
    return handler === undefined ? undefined : (...args: unknown[]) => handler(name, ...args)
  }

  queryNames(): string[] {
    return [...this.#queries.keys()].sort()
  }

  updateNames(): string[] {
    return [...this.#updates.keys()].sort()
  }

  /** For the metadata query; the default handlers are not among them. */
  describe(): Record<'signals' | 'queries' | 'updates', HandlerDescription[]> {
    return {
      signals: [...this.#signals].map(([name, { facts }]) => described(name, facts)),
      queries: [...this.#queries].map(([name, { facts }]) => described(name, facts)),
      updates: [...this.#updates].map(([name, facts]) => described(name, facts)),
    }
  }

  #signalCall({ name, input, headers }: Message): Call | undefined {
    const known = this.#signals.get(name)
    const handler = this.#defaultSignal
    if (known === undefined && handler === undefined) return undefined
    const run: Call['run'] = known === undefined ? (given) => handler?.(name, ...given) : spread(known.handler)
    const unfinishedPolicy = known?.facts.unfinishedPolicy ?? 'WARN_AND_ABANDON'
    return { kind: 'signal', name, args: this.#values.decodeArguments(input), run, validate: undefined, unfinishedPolicy, headers }
  }

  /** One at a time: a handler may set others, which get what waits for them before it is its turn again. */
  #dispatchEarly(): void {
    for (let kept = this.#keptUpdates; kept !== undefined; kept = this.#keptUpdates) {
      const at = kept.findIndex(({ updateName }) => this.#defaultUpdate !== undefined || this.#updates.has(updateName))
      const [update] = at === -1 ? [] : kept.splice(at, 1)
      if (update === undefined) return
      this.#invokeEarly(update)
    }
  }

  #dispatchKept(): void {
    for (let kept = this.#kept; kept !== undefined; kept = this.#kept) {
      const at = kept.findIndex(({ name }) => this.#defaultSignal !== undefined || this.#signals.has(name))
      const [message] = at === -1 ? [] : kept.splice(at, 1)
      if (message === undefined) return
      if (kept.length === 0) this.#kept = undefined
      this.dispatchSignal(message)
    }
  }
}

function described(name: string, { description }: QueryHandlerFacts): HandlerDescription {
  return description === undefined ? { name } : { name, description }
}

function spread<R>(fn: (...args: never[]) => R): (args: readonly unknown[]) => R {
  return (args) => (fn as (...args: readonly unknown[]) => R)(...args)
}
