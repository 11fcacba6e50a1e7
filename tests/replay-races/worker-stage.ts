/** The whole real worker on a store of its own, in time that moves when a program's world says so. */
import { createRegistry, createWorker, createWorkflowClient, type ConnectedClient, type Store, type WorkerSettings } from '@perdure/engine'
import { ApplicationFailure, condition, defineSignal, setHandler, sleep } from '@perdure/workflow'
import { Context } from '@perdure/workflow/activity'
import { settled, type ManualClock } from '../../packages/engine/test/manual-clock.ts'
import { farOf } from './far-leaves.ts'
import type { Program } from './program.ts'
import { interpret } from './program-workflow.ts'
import type { Random } from './random.ts'

export interface StageParts {
  readonly program: Program
  readonly store: Store
  readonly clock: ManualClock
  readonly maxCachedWorkflows: number
  /** The store answers late, so that more has come when it does. Absent: at once. */
  readonly late?: Random
}

/** An attempt of an activity that waits for the world to end it. */
export interface Attempt {
  readonly place: string
  readonly asksToStop: () => boolean
  readonly complete: (result: number) => void
  readonly fail: (error: Error) => void
}

export interface Stage {
  readonly client: ConnectedClient
  readonly attempts: Set<Attempt>
  /** Until nothing more happens by itself. */
  quiet(): Promise<void>
  /** Keeps everything going until it is settled, time only if told so. */
  finished<T>(promise: Promise<T>, msATurn?: number): Promise<T>
  close(): Promise<void>
}

const namespace = 'test'
const taskQueue = 'queue'
/** So many turns of the event loop without a call of the store: it has come to rest. */
const calmTurns = 6
const turnsMax = 100_000

export async function openStage(parts: StageParts): Promise<Stage> {
  const { program, clock, maxCachedWorkflows } = parts
  const calls = { open: 0, made: 0 }
  const store = watched(parts.store, calls, parts.late)
  const attempts = new Set<Attempt>()
  const registry = createRegistry()
  registry.registerWorkflow('program', (generation: number = 0) => (
    interpret(program, undefined, program.updates === undefined ? undefined : farOf(generation))))
  registry.registerWorkflow('helper', helper)
  registry.registerActivity('act', (place: string) => attemptAt(place, attempts))
  const logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
  const settings: WorkerSettings = {
    namespace, identity: 'i', taskQueues: [taskQueue], buildId: 'build', maxConcurrentWorkflows: 100, maxConcurrentActivities: 100,
    activitiesPerSecond: undefined, queues: new Map(), queueRates: new Map(), maxCachedBytes: Number.POSITIVE_INFINITY,
    maxCachedWorkflows, shutdownGraceMs: 1, tickMs: 50, leaseMs: 60_000,
  }
  const shared = { store, notifier: undefined, clock, logger, registry }
  const worker = createWorker({ ...shared, settings })
  const client = createWorkflowClient({
    ...shared, localWorker: worker, servedTaskQueues: [taskQueue], namespace, taskQueue, identity: 'i',
  })
  const quiet = async (): Promise<void> => {
    for (let turn = 0, calm = 0; calm < calmTurns; turn++) {
      if (turn > turnsMax) throw new Error('The worker does not come to rest')
      const before = calls.made
      await clock.advance(0)
      calm = calls.open === 0 && calls.made === before ? calm + 1 : 0
    }
  }
  const finished = async <T>(promise: Promise<T>, msATurn = 0): Promise<T> => {
    const ended = promise.then(() => true, () => true)
    while (!(await Promise.race([ended, clock.advance(msATurn).then(() => false)])));
    return promise
  }
  await store.open()
  await store.createNamespace({ name: namespace, retentionMs: 1_000_000_000, description: '' }).catch(() => undefined)
  await finished(worker.start(), 1)
  const close = async (): Promise<void> => {
    for (const attempt of attempts) attempt.complete(0)
    await finished(worker.stop(), 1)
    await store.close()
  }
  return { client, attempts, quiet, finished, close }
}

/** The child of every program: it returns, fails, takes its time, or waits until it is ended. */
async function helper(how: number): Promise<number> {
  let pokes = 0
  setHandler(defineSignal<[number]>('poke'), () => { pokes++ })
  if (how === 1) throw ApplicationFailure.nonRetryable('as it was told to')
  if (how === 2) await sleep(20)
  if (how === 3) await condition(() => pokes > 1)
  return pokes
}

function attemptAt(place: string, attempts: Set<Attempt>): Promise<number> {
  const { cancellationSignal } = Context.current()
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const attempt: Attempt = {
    place, asksToStop: () => cancellationSignal.aborted,
    complete: (result) => { attempts.delete(attempt); resolve(result) },
    fail: (error) => { attempts.delete(attempt); reject(error) },
  }
  attempts.add(attempt)
  return promise
}

/** Counts its calls, and answers late. */
function watched(store: Store, calls: { open: number; made: number }, late: Random | undefined): Store {
  const pause = async (): Promise<void> => {
    for (let turns = late?.integer(6) ?? 0; turns > 0; turns--) await settled()
  }
  return new Proxy(store, {
    get: (target, name: keyof Store) => {
      const member: unknown = target[name]
      if (typeof member !== 'function') return member
      const call = member as (...args: unknown[]) => Promise<unknown>
      return async (...args: unknown[]): Promise<unknown> => {
        calls.open++
        if (name !== 'tick') calls.made++
        try {
          await pause()
          const answer = await call.apply(target, args)
          await pause()
          return answer
        } finally {
          calls.open--
        }
      }
    },
  })
}
