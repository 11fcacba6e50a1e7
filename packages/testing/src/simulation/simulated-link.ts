/** What lies between a simulated process and its store: each call is a step on its way there and one on its way back. */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Clock, LeaseKeeper, Notifier, Store } from '@perdure/engine'
import { inContext } from './async-context.ts'
import type { Random } from './random.ts'
import type { Scheduler } from './scheduler.ts'
import type { VirtualProcess } from './virtual-process.ts'

export interface LinkParts {
  readonly store: Store
  readonly process: VirtualProcess
  readonly scheduler: Scheduler
  readonly random: Random
  /** Asked when a call is made. */
  readonly fateOf: (name: keyof Store) => CallFate
}

export interface CallFate {
  readonly lateMs: number
  /** Carries the call out, or does not; undefined: there is no answer. */
  readonly perform: (call: () => Promise<unknown>) => Promise<{ readonly value: unknown } | undefined>
}

export const plainFate: CallFate = { lateMs: 0, perform: async (call) => ({ value: await call() }) }

type Call = (...args: unknown[]) => Promise<unknown>

const latencyMsMax = 2
/** Whoever waits in virtual time may have to look again after these. */
const changing: ReadonlySet<string> = new Set([
  'commit', 'endTasks', 'post', 'takeOver', 'terminate', 'registerWorker', 'heartbeatTasks', 'askQuery',
])

export function simulatedLink(parts: LinkParts): Store {
  const { store } = parts
  const calls = new Map<string, Call>()
  return new Proxy(store, {
    get: (_, name: string) => {
      const member = store[name as keyof Store]
      if (typeof member !== 'function') return member
      let call = calls.get(name)
      if (call === undefined) calls.set(name, call = (...args) => send(parts, name as keyof Store, args))
      return call
    },
  })
}

function send({ store, process, scheduler, random, fateOf }: LinkParts, name: keyof Store, args: readonly unknown[]): Promise<unknown> {
  const { lateMs, perform } = fateOf(name)
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  const answer = (call: () => void): void => {
    scheduler.after(random.integer(0, latencyMsMax), { owner: process, what: `answer of ${name}`, run: call })
  }
  const arrivesMs = random.integer(0, latencyMsMax) + lateMs
  scheduler.after(arrivesMs, { owner: undefined, what: `${process.name} > ${name}`, run: () => {
    if (changing.has(name)) scheduler.progress()
    // The lock of a process is its connection's: a dead one takes none.
    if (name === 'keepLease' && !process.alive) return
    perform(() => (store[name] as Call)(...args)).then((performed) => {
      if (performed === undefined) return
      if (name === 'keepLease') process.leases.push(performed.value as LeaseKeeper)
      answer(() => resolve(performed.value))
    }, (error: unknown) => answer(() => reject(error)))
  } })
  return promise
}

/** The clock of a simulated process; time passes over its beats. */
export function simulatedClock(scheduler: Scheduler, process: VirtualProcess): Clock {
  const { clock } = process
  return {
    now: () => clock.now(), correct: (storeNow) => clock.correct(storeNow), timer: (delayMs, call) => clock.timer(delayMs, call),
    beat: (delayMs, call) => scheduler.beat(delayMs, { owner: process, what: 'beat', run: inContext(call) }),
  }
}

/** Hints between processes: a little late. */
export class HintHub {
  readonly #scheduler: Scheduler
  readonly #random: Random
  readonly #listeners = new Map<VirtualProcess, (topic: string) => void>()

  constructor(scheduler: Scheduler, random: Random) {
    this.#scheduler = scheduler
    this.#random = random
  }

  link(process: VirtualProcess): Notifier {
    return {
      start: async (onHint) => { this.#listeners.set(process, AsyncLocalStorage.bind(onHint)) },
      publish: (topic) => this.#publish(process, topic),
      stop: async () => { this.#listeners.delete(process) },
    }
  }

  #publish(from: VirtualProcess, topic: string): void {
    for (const [process, onHint] of this.#listeners) {
      if (!process.alive) this.#listeners.delete(process)
      else {
        const delayMs = this.#random.integer(0, latencyMsMax)
        if (process === from && topic === 'waiting') continue
        this.#scheduler.after(delayMs, { owner: process, what: `hint ${topic}`, run: () => onHint(topic) })
      }
    }
  }
}
