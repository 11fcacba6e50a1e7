/**
 * setTimeout and its kin inside workflows: durable timers in the current scope. A cancelled scope withdraws them, and
 * the callback is then never called. Outside of workflows everything is Node's own.
 */
import nodeTimers from 'node:timers'
import nodeTimersPromises from 'node:timers/promises'
import { promisify } from 'node:util'
import { CancellationScope, DeterminismViolationError } from '@perdure/workflow'
import { durationMsMax, sleepIn, type WorkflowHost } from '@perdure/workflow/host'
import { replaceMember, withMembersOf } from './replaced-member.ts'
import { currentScope } from './workflow-context.ts'

export function patchTimers(): void {
  const timeout = timerFunction(globalThis.setTimeout, false)
  const interval = timerFunction(globalThis.setInterval, true)
  const clearTimeout = clearFunction(globalThis.clearTimeout)
  const clearInterval = clearFunction(globalThis.clearInterval)
  const sleeping = promisedTimeout(nodeTimersPromises.setTimeout)
  Object.defineProperty(timeout, promisify.custom, { get: () => sleeping, enumerable: true, configurable: true })
  for (const owner of [globalThis, nodeTimers]) {
    replaceMember(owner, 'setTimeout', timeout)
    replaceMember(owner, 'setInterval', interval)
    replaceMember(owner, 'clearTimeout', clearTimeout)
    replaceMember(owner, 'clearInterval', clearInterval)
  }
  replaceMember(nodeTimersPromises, 'setTimeout', sleeping)
}

type Callback = (...args: unknown[]) => unknown
type Schedule = (callback: Callback, delay?: unknown, ...args: unknown[]) => unknown

function timerFunction(builtIn: unknown, repeats: boolean): Schedule {
  const schedule = builtIn as Schedule
  return withMembersOf(schedule, (callback, delay, ...args) => {
    const scope = currentScope() as CancellationScope | undefined
    if (scope === undefined || typeof callback !== 'function') return schedule(callback, delay, ...args)
    return new WorkflowTimer(scope, { callback, args, delayMs: delayOf(delay), repeats })
  })
}

function clearFunction(builtIn: (handle?: NodeJS.Timeout) => void): (handle?: unknown) => void {
  return withMembersOf(builtIn as (handle?: unknown) => void, (handle) => {
    if (handle instanceof WorkflowTimer) {
      handle.close()
      return
    }
    const scope = currentScope()
    const byId = typeof handle === 'number' || typeof handle === 'string'
    // A number inside a workflow never means one of the process's own timers.
    if (scope !== undefined && byId) timersOf(scope.host).byId.get(Number(handle))?.close()
    else builtIn(handle as NodeJS.Timeout | undefined)
  })
}

function promisedTimeout(builtIn: typeof nodeTimersPromises.setTimeout): typeof nodeTimersPromises.setTimeout {
  return withMembersOf(builtIn, ((delay?: number, value?: unknown, options?: object) => {
    const scope = currentScope() as CancellationScope | undefined
    if (scope === undefined) return builtIn(delay, value, options)
    if (options !== undefined && 'signal' in options && options.signal !== undefined) {
      throw DeterminismViolationError.of('setTimeout() of node:timers/promises with a signal', 'use a CancellationScope and sleep()')
    }
    return sleepIn(scope, delayOf(delay)).then(() => value)
  }) as typeof builtIn)
}

/** As Node's: what is no number from 1 on becomes 1. Longer than 2^31 ms is fine here, up to the longest duration. */
function delayOf(delay: unknown): number {
  const ms = Number(delay)
  return ms >= 1 ? Math.min(Math.round(ms), durationMsMax) : 1
}

interface TimerRegistry {
  next: number
  readonly byId: Map<number, WorkflowTimer>
}

const registries = new WeakMap<WorkflowHost, TimerRegistry>()

function timersOf(host: WorkflowHost): TimerRegistry {
  let registry = registries.get(host)
  if (registry === undefined) registries.set(host, registry = { next: 1, byId: new Map() })
  return registry
}

interface TimerFacts {
  readonly callback: Callback
  readonly args: readonly unknown[]
  readonly delayMs: number
  readonly repeats: boolean
}

/** What setTimeout and setInterval return inside a workflow; shaped as Node's Timeout. */
export class WorkflowTimer {
  readonly #scope: CancellationScope
  readonly #facts: TimerFacts
  readonly #id: number
  #running: CancellationScope | undefined
  #closed = false

  constructor(scope: CancellationScope, facts: TimerFacts) {
    this.#scope = scope
    this.#facts = facts
    const timers = timersOf(scope.host)
    this.#id = timers.next++
    this.#start()
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  hasRef(): boolean {
    return true
  }

  /** Starts again from now; a timer that was cleared stays so. */
  refresh(): this {
    if (this.#closed) return this
    this.#withdraw()
    this.#start()
    return this
  }

  close(): this {
    this.#withdraw()
    this.#closed = true
    return this
  }

  [Symbol.toPrimitive](): number {
    return this.#id
  }

  [Symbol.dispose](): void {
    this.close()
  }

  /** In a scope of its own, as on Temporal: it is withdrawn after what its surroundings called themselves. */
  #start(): void {
    const scope = new CancellationScope({ parent: this.#scope })
    this.#running = scope
    timersOf(scope.host).byId.set(this.#id, this)
    void scope.run(() => sleepIn(scope, this.#facts.delayMs)).then(() => this.#fire(scope), () => this.#forget(scope))
  }

  /** What the callback throws becomes an unhandled rejection of the workflow's context, as on Temporal. */
  #fire(scope: CancellationScope): void {
    if (this.#running !== scope) return
    this.#forget(scope)
    const { callback, args, repeats } = this.#facts
    try {
      Reflect.apply(callback, this, args)
    } finally {
      if (repeats && !this.#closed && this.#running === undefined) this.#start()
    }
  }

  #withdraw(): void {
    const scope = this.#running
    // Temporal numbers what is cleared in vain.
    if (scope === undefined) return this.#scope.host.passedOver('timer')
    // Refused where the handler of a query clears it: nothing is changed then.
    scope.cancel()
    this.#forget(scope)
  }

  #forget(scope: CancellationScope): void {
    if (this.#running !== scope) return
    this.#running = undefined
    timersOf(scope.host).byId.delete(this.#id)
  }
}
