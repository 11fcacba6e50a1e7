/**
 * What code could do past the ports. While a simulation runs, immediates of its processes become steps, and whatever
 * else would make two runs of one seed differ (real time, real timers, real randomness) is an error.
 */
import nodeCrypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { inContext } from '../../packages/testing/src/simulation/async-context.ts'
import type { Scheduler } from '../../packages/testing/src/simulation/scheduler.ts'

type AnyFunction = (this: unknown, ...args: never[]) => unknown

const forbidden: readonly (readonly [owner: object, ownerName: string, names: readonly string[]])[] = [
  [globalThis, '', ['setTimeout', 'setInterval']],
  [Date, 'Date.', ['now']],
  [Math, 'Math.', ['random']],
  [performance, 'performance.', ['now']],
  [nodeCrypto, 'crypto.', ['randomUUID', 'randomFillSync', 'randomBytes', 'randomInt']],
]

/** Returns how to let go of it. `onEscape` is told what a step of a process did past the ports. */
export function holdOutsideWorld(scheduler: Scheduler, onEscape: (error: Error) => void): () => void {
  const restores: (() => void)[] = []
  const replace = (owner: object, name: string, replaced: (real: AnyFunction) => AnyFunction): void => {
    const members = owner as Record<string, AnyFunction>
    const real = members[name]
    if (real === undefined) return
    const own = Object.getOwnPropertyDescriptor(owner, name)
    Object.defineProperty(owner, name, { configurable: true, writable: true, enumerable: own?.enumerable ?? false, value: replaced(real) })
    restores.push(() => (own === undefined ? delete members[name] : void Object.defineProperty(owner, name, own)))
  }
  replace(globalThis, 'setImmediate', (real) => function setImmediate(this: unknown, ...args: never[]) {
    const owner = scheduler.current
    if (owner === undefined) return real.apply(this, args)
    const [call, ...rest] = args as unknown as [(...rest: unknown[]) => void, ...unknown[]]
    // As in Node, it runs in the context in which it was asked for.
    scheduler.immediate(owner, inContext(() => call(...rest)))
    return undefined
  })
  for (const [owner, ownerName, names] of forbidden) {
    for (const name of names) {
      replace(owner, name, (real) => function escape(this: unknown, ...args: never[]) {
        const { current } = scheduler
        if (current !== undefined) onEscape(located(`${ownerName}${name}() was called past the ports by ${current.name}`))
        return real.apply(this, args)
      })
    }
  }
  syncBuiltinESMExports()
  // Errors are many here, and nobody reads where they were made.
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  return () => {
    Error.stackTraceLimit = stackTraceLimit
    for (const restore of restores.reverse()) restore()
    syncBuiltinESMExports()
  }
}

function located(message: string): Error {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 20
  const error = new Error(message)
  Error.stackTraceLimit = stackTraceLimit
  return error
}
