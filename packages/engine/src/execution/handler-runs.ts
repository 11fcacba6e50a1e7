/** Handlers of signals and updates that run now, and what updates come to. */
import type { HandlerUnfinishedPolicy } from '@perdure/workflow'
import type { ValueConverter } from '../conversion/value-converter.ts'
import { recordedFailure } from '../protocol/failure-codec.ts'
import type { CompleteUpdate } from './command.ts'

export interface RunningHandler {
  readonly kind: 'signal' | 'update'
  readonly name: string
  readonly unfinishedPolicy: HandlerUnfinishedPolicy
}

export class HandlerRuns {
  #running: Set<RunningHandler> | undefined
  /** Their promises have settled in the activation under way: they count as running until it comes to rest, as on Temporal. */
  #ending: RunningHandler[] = []

  get count(): number {
    return this.#running?.size ?? 0
  }

  /** Runs `fn` as a handler; the promise is that of `fn`. */
  async track<T>(handler: RunningHandler, fn: () => Promise<T>): Promise<T> {
    (this.#running ??= new Set()).add(handler)
    try {
      return await fn()
    } finally {
      this.#ending.push(handler)
    }
  }

  /** Microtasks have run. True: some handlers do not count as running any more. */
  rest(): boolean {
    if (this.#ending.length === 0) return false
    for (const handler of this.#ending) this.#running?.delete(handler)
    this.#ending = []
    return true
  }

  /** Of those that nobody asked to let go silently, a sentence each kind. */
  unfinished(): string[] {
    if (this.count === 0) return []
    const left = [...this.#running ?? []].filter((handler) => handler.unfinishedPolicy === 'WARN_AND_ABANDON')
    return (['signal', 'update'] as const).flatMap((kind) => {
      const names = left.filter((handler) => handler.kind === kind).map(({ name }) => name)
      if (names.length === 0) return []
      const shown = [...new Set(names)].map((name) => `'${name}'`).join(', ')
      const handlers = `${names.length} ${kind} handler${names.length === 1 ? '' : 's'}`
      return [
        `The workflow ended while ${handlers} still ran (${shown}): what they had yet to do is not done. Wait for them with ` +
          'condition(allHandlersFinished), or set their unfinishedPolicy to ABANDON',
      ]
    })
  }
}

export type HandlerEnd = { readonly value: unknown } | { readonly error: unknown }

/** What the promise of an update handler came to. */
export function updateCompletion(updateId: string, name: string, end: HandlerEnd, values: ValueConverter): CompleteUpdate {
  try {
    if ('error' in end) throw end.error
    return { type: 'CompleteUpdate', updateId, result: values.encode(end.value, `result of update '${name}'`), failure: null }
  } catch (error) {
    return { type: 'CompleteUpdate', updateId, result: null, failure: recordedFailure(values.failures, error) }
  }
}
