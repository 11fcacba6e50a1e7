/**
 * What the code of simulated processes sees of the platform. Immediates of a simulated process are steps of its scheduler. In the
 * activities of one, time, timers and random numbers are those of the simulation: two runs of one seed see the same.
 *
 * Installed once and for ever: whether code belongs to a simulation is asked at each call, and other code sees no difference.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import nodeCrypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import nodeTimers from 'node:timers'
import nodeTimersPromises from 'node:timers/promises'
import { promisify } from 'node:util'
import { inContext } from './async-context.ts'
import type { Random } from './random.ts'
import type { Scheduler } from './scheduler.ts'
import type { VirtualProcess } from './virtual-process.ts'

export interface SimulatedCode {
  readonly scheduler: Scheduler
  readonly process: VirtualProcess
  /** In an activity: its random numbers; undefined: code of the engine, or a workflow. */
  readonly random: Random | undefined
}

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown

const storage = new AsyncLocalStorage<SimulatedCode>()

export function runSimulated<T>(code: SimulatedCode, work: () => T): T {
  install()
  return storage.run(code, work)
}

const installedKey = Symbol.for('perdure.simulation.globals')

function install(): void {
  const registry = globalThis as { [installedKey]?: true }
  if (registry[installedKey] === true) return
  registry[installedKey] = true
  const inProcess = (): SimulatedCode | undefined => storage.getStore()
  replace(globalThis, 'setImmediate', (real) => function setImmediate(this: unknown, ...args) {
    const code = inProcess()
    if (code === undefined) return real.apply(this, args)
    const [call, ...rest] = args as [AnyFunction, ...unknown[]]
    // As in Node, it runs in the context in which it was asked for.
    code.scheduler.immediate(code.process, inContext(() => void call(...rest)))
    return undefined
  })
  installTime()
  installTimers()
  installRandomness()
  syncBuiltinESMExports()
}

interface ActivityCode extends SimulatedCode {
  readonly random: Random
}

function inActivity(): ActivityCode | undefined {
  const code = storage.getStore()
  return code?.random === undefined ? undefined : code as ActivityCode
}

function installTime(): void {
  const now = (): number | undefined => inActivity()?.process.clock.now()
  replace(Date, 'now', (real) => function nowOf(this: unknown) { return now() ?? real.call(this) })
  const date = new Proxy(Date, {
    construct: (target, args, newTarget) => {
      const at = args.length === 0 ? now() : undefined
      return Reflect.construct(target, at === undefined ? args : [at], newTarget) as object
    },
  })
  replace(globalThis, 'Date', () => date)
  const prototype: object = Date.prototype
  Object.defineProperty(prototype, 'constructor', { value: date, writable: true, enumerable: false, configurable: true })
  const beganAt = performance.timeOrigin
  replace(Object.getPrototypeOf(performance) as object, 'now', (real) => function nowOf(this: unknown) {
    const at = now()
    return at === undefined ? real.call(this) : at - beganAt
  })
}

/** What setTimeout gives in an activity. */
class VirtualTimeout {
  readonly #stop: () => void

  constructor(stop: () => void) {
    this.#stop = stop
  }

  close(): void {
    this.#stop()
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

  [Symbol.dispose](): void {
    this.#stop()
  }
}

function startTimer({ scheduler, process }: ActivityCode, call: () => void, delayMs: unknown, repeats: boolean): VirtualTimeout {
  const waitMs = Math.max(1, Number(delayMs) || 1)
  const bound = AsyncLocalStorage.bind(call)
  let stop: () => void
  const arm = (): void => {
    stop = scheduler.after(waitMs, { owner: process, what: 'timer of an activity', run: () => {
      if (repeats) arm()
      bound()
    } })
  }
  arm()
  return new VirtualTimeout(() => stop())
}

function installTimers(): void {
  const sleeping = (real: AnyFunction): AnyFunction => function setTimeoutOf(this: unknown, ...args) {
    const code = inActivity()
    if (code === undefined) return real.apply(this, args)
    const [delayMs, value] = args
    return new Promise((resolve) => void startTimer(code, () => resolve(value), delayMs, false))
  }
  for (const owner of [globalThis, nodeTimers]) {
    for (const [name, repeats] of [['setTimeout', false], ['setInterval', true]] as const) {
      replace(owner, name, (real) => {
        const replaced: AnyFunction = function timer(this: unknown, ...args) {
          const code = inActivity()
          if (code === undefined) return real.apply(this, args)
          const [call, delayMs, ...rest] = args as [AnyFunction, unknown, ...unknown[]]
          return startTimer(code, () => void call(...rest), delayMs, repeats)
        }
        const promised = (real as { readonly [promisify.custom]?: AnyFunction })[promisify.custom]
        if (promised !== undefined) Object.defineProperty(replaced, promisify.custom, { value: sleeping(promised), configurable: true })
        return replaced
      })
    }
    for (const name of ['clearTimeout', 'clearInterval']) {
      replace(owner, name, (real) => function clear(this: unknown, ...args) {
        const [timer] = args
        if (timer instanceof VirtualTimeout) timer.close()
        else real.apply(this, args)
      })
    }
  }
  replace(nodeTimersPromises, 'setTimeout', sleeping)
}

function installRandomness(): void {
  replace(Math, 'random', (real) => function random(this: unknown) { return inActivity()?.random.next() ?? real.call(this) })
  for (const owner of [nodeCrypto, Object.getPrototypeOf(globalThis.crypto) as object]) {
    replace(owner, 'randomUUID', (real) => function randomUUID(this: unknown, ...args) {
      const random = inActivity()?.random
      if (random === undefined) return real.apply(this, args)
      return `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-8${random.hex(3)}-${random.hex(12)}`
    })
  }
}

function replace(owner: object, name: string, replaced: (real: AnyFunction) => AnyFunction): void {
  const real = (owner as Record<string, AnyFunction>)[name]
  const { enumerable = false } = Object.getOwnPropertyDescriptor(owner, name) ?? {}
  if (real !== undefined) Object.defineProperty(owner, name, { value: replaced(real), enumerable, configurable: true, writable: true })
}
