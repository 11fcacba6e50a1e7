/** The activities of a test: real ones, mocks in their place, and the calls that were made. */
import { PerdureError, type ActivityFunction } from '@perdure/engine'
import { Context } from '@perdure/workflow/activity'
import { didYouMean } from '@perdure/workflow/host'
import { AsyncLocalStorage } from 'node:async_hooks'

/** Mocks by the names of activities: of the same arguments and result, asynchronous or not. */
export type ActivityMocksOf<A> = {
  readonly [Name in keyof A as A[Name] extends (...args: never[]) => unknown ? Name : never]?:
  A[Name] extends (...args: infer Args) => infer Result ? (...args: Args) => Result | Awaited<Result> : never
}

/** One attempt of an activity that began. */
export interface ActivityCall {
  readonly name: string
  /** As the activity got them. */
  readonly args: readonly unknown[]
  readonly workflowId: string
  readonly activityId: string
  /** From 1. */
  readonly attempt: number
}

/** An attempt, while its function runs. */
export interface RunningAttempt {
  /** How many sleeps in virtual time it awaits. */
  sleeps: number
  /** The engine has given it up: it timed out. */
  isOver: () => boolean
}

const running = new AsyncLocalStorage<RunningAttempt>()

/** The attempt that the running code belongs to. */
export function runningAttempt(): RunningAttempt | undefined {
  return running.getStore()
}

type AnyFunction = (...args: unknown[]) => unknown

/** What the mocks are part of. */
export interface MocksOwner {
  readonly register: (name: string, fn: ActivityFunction) => void
  /** An attempt ended. */
  readonly onEnd: () => void
}

export class ActivityMocks {
  readonly #real: ReadonlyMap<string, ActivityFunction>
  /** Real activities were given: no other may be mocked. */
  readonly #isClosed: boolean
  readonly #mocks = new Map<string, AnyFunction>()
  readonly #registered = new Set<string>()
  readonly #calls: ActivityCall[] = []
  readonly #attempts = new Set<RunningAttempt>()
  #owner: MocksOwner | undefined

  /** @param real activities by name; undefined: none were given, and any name may be mocked */
  constructor(real: ReadonlyMap<string, ActivityFunction> | undefined) {
    this.#real = real ?? new Map()
    this.#isClosed = real !== undefined
  }

  attach(owner: MocksOwner): void {
    this.#owner = owner
    for (const name of this.#real.keys()) this.#register(name)
  }

  /** Attempts that sleep in virtual time and do nothing else, and that the engine still waits for. */
  get sleeping(): number {
    let count = 0
    for (const { sleeps, isOver } of this.#attempts) if (sleeps > 0 && !isOver()) count++
    return count
  }

  mock(mocks: Readonly<Record<string, unknown>>): void {
    if (typeof mocks !== 'object' || mocks === null) {
      throw invalid(`${String(mocks)} was passed; pass an object of functions by the names of activities`)
    }
    for (const [name, mock] of Object.entries(mocks)) {
      if (this.#isClosed && !this.#real.has(name)) throw unknownActivity(`'${name}' to mock`, name, [...this.#real.keys()])
      if (typeof mock !== 'function') throw invalid(`'${name}' is mocked with a value of type ${typeof mock}; pass a function`)
    }
    for (const [name, mock] of Object.entries(mocks)) {
      this.#mocks.set(name, mock as AnyFunction)
      this.#register(name)
    }
  }

  /** The real activities again: those of `names`, or all. */
  restore(names: readonly string[]): void {
    for (const name of names.length === 0 ? [...this.#mocks.keys()] : names) this.#mocks.delete(name)
  }

  calls(name?: string): ActivityCall[] {
    // Also where any name may be mocked: of one that is neither given nor mocked no call would ever be listed.
    if (name !== undefined && !this.#registered.has(name)) {
      throw unknownActivity(`'${name}' whose calls could be listed`, name, [...this.#registered])
    }
    return this.#calls.filter((call) => name === undefined || call.name === name)
  }

  #register(name: string): void {
    if (this.#registered.has(name)) return
    this.#registered.add(name)
    this.#owner?.register(name, (...args: unknown[]) => this.#run(name, args))
  }

  async #run(name: string, args: readonly unknown[]): Promise<unknown> {
    const { info } = Context.current()
    const fn = this.#mocks.get(name) ?? this.#real.get(name) as AnyFunction | undefined
    this.#calls.push({ name, args, workflowId: info.workflowExecution.workflowId, activityId: info.activityId, attempt: info.attempt })
    // It was mocked before, and the mock taken away.
    if (fn === undefined) throw unknownActivity(`'${name}' to call`, name, [...this.#registered])
    const attempt: RunningAttempt = { sleeps: 0, isOver: () => false }
    this.#attempts.add(attempt)
    try {
      return await running.run(attempt, fn, ...args)
    } finally {
      this.#attempts.delete(attempt)
      this.#owner?.onEnd()
    }
  }
}

function unknownActivity(what: string, name: string, known: readonly string[]): PerdureError {
  const hint = didYouMean(name, known) || `; there are ${known.join(', ') || 'none'}.`
  return new PerdureError('ACTIVITY_MOCK_UNKNOWN', `There is no activity ${what}${hint}`)
}

function invalid(problem: string): PerdureError {
  return new PerdureError('TEST_OPTIONS_INVALID', `env.activities.mock(): ${problem}`)
}
