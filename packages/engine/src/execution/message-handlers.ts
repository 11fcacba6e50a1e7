/** Signal and query handlers of one execution. Signals without a handler are kept, in order, until one is set. */
import type { QueryHandler, SignalHandler } from '@perdure/workflow/host'
import { decodeArguments } from '../protocol/payload-codec.ts'
import type { Payload } from '../protocol/payload.ts'
import { SeldomMap } from './seldom.ts'

export class MessageHandlers {
  readonly #signals = new SeldomMap<string, SignalHandler>()
  readonly #queries = new SeldomMap<string, QueryHandler>()
  readonly #kept = new SeldomMap<string, Payload[]>()
  /** Runs a handler in the root scope; a rejection or throw of the handler is its concern. */
  readonly #invoke: (handler: SignalHandler, args: unknown[]) => void

  constructor(invoke: (handler: SignalHandler, args: unknown[]) => void) {
    this.#invoke = invoke
  }

  setSignal(name: string, handler: SignalHandler | undefined): void {
    if (handler === undefined) {
      this.#signals.delete(name)
      return
    }
    this.#signals.set(name, handler)
    const kept = this.#kept.get(name) ?? []
    this.#kept.delete(name)
    for (const input of kept) this.#invoke(handler, decodeArguments(input))
  }

  setQuery(name: string, handler: QueryHandler | undefined): void {
    if (handler === undefined) this.#queries.delete(name)
    else this.#queries.set(name, handler)
  }

  dispatchSignal(name: string, input: Payload): void {
    const handler = this.#signals.get(name)
    if (handler !== undefined) {
      this.#invoke(handler, decodeArguments(input))
      return
    }
    const kept = this.#kept.get(name)
    if (kept === undefined) this.#kept.set(name, [input])
    else kept.push(input)
  }

  /** How many signals of each name wait for a handler. */
  keptSignals(): Record<string, number> {
    return Object.fromEntries([...this.#kept].map(([name, inputs]) => [name, inputs.length]))
  }

  query(name: string): QueryHandler | undefined {
    return this.#queries.get(name)
  }

  queryNames(): string[] {
    return [...this.#queries.keys()].sort()
  }
}
