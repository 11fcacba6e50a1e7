/**
 * What lies between a process and the database: each call arrives late, or not at all, or its answer does not. Calls of
 * one process overtake each other, as those of several connections do.
 */
import { StoreBusyError, StoreOutcomeUnknownError, StoreUnavailableError, type LeaseKeeper, type Store } from '@perdure/engine'
import { answerText, callText } from './call-text.ts'
import { contendedCommit, contendedPost, contendedRequests } from './contention.ts'
import type { Random } from '../../packages/testing/src/simulation/random.ts'
import type { Scheduler } from '../../packages/testing/src/simulation/scheduler.ts'
import type { Tally } from './tally.ts'
import type { VirtualProcess } from '../../packages/testing/src/simulation/virtual-process.ts'
import type { Weather } from './weather.ts'

export interface StoreLinkParts {
  readonly store: Store
  readonly process: VirtualProcess
  readonly scheduler: Scheduler
  readonly random: Random
  readonly weather: () => Weather
  readonly tally: Tally
}

type Call = (...args: unknown[]) => Promise<unknown>

/** They change nothing, so their failure leaves nothing open. */
const reads = new Set<keyof Store>([
  'ping', 'listWorkers', 'readInbox', 'readMessages', 'expiredTasks', 'cancelledTasks', 'describeQueue', 'listQueues', 'getNamespace',
  'listNamespaces', 'readHistory', 'overdueExecutions', 'readUpdates', 'readTasks', 'getExecution', 'readClosed',
  'listExecutions', 'countExecutions',
])

interface Fate {
  readonly arrivesMs: number
  readonly answeredMs: number
  readonly failure: 'none' | 'unavailable' | 'busy' | 'unknown, not made' | 'unknown, made'
}

/** How long a call into a partition hangs at most before it fails. */
const hangMsMax = 3_000

export function linkedStore(parts: StoreLinkParts): Store {
  const linked: Record<string, unknown> = { ...parts.store }
  for (const [name, member] of Object.entries(parts.store)) {
    if (typeof member === 'function') linked[name] = (...args: unknown[]) => send(parts, name as keyof Store, args)
  }
  return linked as unknown as Store
}

function send(parts: StoreLinkParts, name: keyof Store, args: readonly unknown[]): Promise<unknown> {
  const { process, scheduler } = parts
  const fate = drawFate(parts, name)
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  const answer = (call: () => void, what: () => string): void => {
    scheduler.after(fate.answeredMs, { owner: process, what: () => `${name} ${what()}`, run: call })
  }
  const fail = (error: Error): void => answer(() => reject(error), () => error.name)
  if (fate.failure !== 'none') parts.tally.note(fate.failure)
  scheduler.after(fate.arrivesMs, { owner: undefined, what: () => `${process.name} > ${callText(name, args)}: ${fate.failure}`, run: () => {
    if (fate.failure === 'unavailable') return fail(new StoreUnavailableError('The database is away'))
    if (fate.failure === 'busy') return fail(new StoreBusyError('The database is busy'))
    if (fate.failure === 'unknown, not made') return fail(connectionBroke())
    // The lock of a process is its connection's: a dead one takes none.
    if (name === 'keepLease' && !process.alive) return
    const isUnknown = fate.failure === 'unknown, made'
    perform(parts, name, args).then(
      (value) => (isUnknown ? fail(connectionBroke()) : answer(() => resolve(value), () => `answers ${answerText(name, value)}`)),
      (error: unknown) => fail(isUnknown ? connectionBroke() : error as Error),
    )
  } })
  return promise
}

function connectionBroke(): Error {
  return new StoreOutcomeUnknownError('The connection broke')
}

async function perform(parts: StoreLinkParts, name: keyof Store, args: readonly unknown[]): Promise<unknown> {
  const { store, process, random, weather, tally } = parts
  const contention = { store, random, weather: weather(), tally }
  if (name === 'commit') return contendedCommit(contention, args[0] as Parameters<Store['commit']>[0])
  if (name === 'post') return contendedPost(contention, args[0] as Parameters<Store['post']>[0])
  if (name === 'requestUpdates') return contendedRequests(contention, args[0] as Parameters<Store['requestUpdates']>[0])
  const value = await (store[name] as Call)(...args)
  if (name === 'keepLease') process.leases.push(value as LeaseKeeper)
  return value
}

function drawFate({ process, random, weather }: StoreLinkParts, name: keyof Store): Fate {
  const { latencyMs, slowMs, slow, unavailable, unknown, busy } = weather()
  const latency = (): number => random.integer(0, random.chance(slow) ? slowMs : latencyMs)
  const arrivesMs = latency()
  const answeredMs = latency()
  const isRead = reads.has(name)
  if (process.partitioned) {
    const failure = isRead || random.chance(0.7) ? 'unavailable' : random.pick(['unknown, not made', 'unknown, made'] as const)
    return { arrivesMs, answeredMs: random.integer(0, hangMsMax), failure }
  }
  const draw = random.next()
  if (draw < unavailable) return { arrivesMs, answeredMs, failure: 'unavailable' }
  if (draw < unavailable + busy) return { arrivesMs, answeredMs, failure: 'busy' }
  if (!isRead && draw < unavailable + busy + unknown) {
    return { arrivesMs, answeredMs, failure: random.chance(0.5) ? 'unknown, made' : 'unknown, not made' }
  }
  return { arrivesMs, answeredMs, failure: 'none' }
}
