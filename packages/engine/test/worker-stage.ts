/**
 * Workers over one in-memory store, whose methods a test may stand in front of: hold a commit, post in between, refuse it.
 * Each worker has a clock whose timers die with it, so that a simulated crash leaves nothing behind.
 */
import { createMemoryStore } from '@perdure/testing'
import type { WorkflowInterceptorsFactory } from '@perdure/workflow'
import type { TestContext } from 'node:test'
import { createWorkflowClient } from '../src/client/store-client.ts'
import type { ConnectedClient } from '../src/client/workflow-client.ts'
import { StoreUnavailableError } from '../src/ports/store-error.ts'
import { createSystemClock } from '../src/ports/system-clock.ts'
import type { Clock } from '../src/ports/clock.ts'
import type { ClaimedExecution, ClaimedTasks, LeaseKeeper, Look, QueryAsked, Store } from '../src/ports/store.ts'
import type { ActivityTask } from '../src/protocol/activity-task.ts'
import type { CommitBatch, CommitOutcome, Transition } from '../src/protocol/transition.ts'
import { createRegistry, type ActivityFunction, type WorkflowFunction } from '../src/registry.ts'
import type { WorkerSettings } from '../src/worker/context/worker-settings.ts'
import { createWorker, type Worker } from '../src/worker/worker.ts'

type Forward = (batch: CommitBatch) => Promise<CommitOutcome>

export interface StageOptions {
  readonly workflows: Readonly<Record<string, WorkflowFunction>>
  readonly activities?: Readonly<Record<string, ActivityFunction>>
  readonly workflowInterceptors?: readonly WorkflowInterceptorsFactory[]
  readonly settings?: Partial<WorkerSettings>
}

export interface StageWorker {
  readonly worker: Worker
  readonly client: ConnectedClient
  /** Its process ends: no timer fires, no answer of the store arrives, its lock is free. */
  crash(): Promise<void>
}

export interface Stage {
  /** The store itself, past every hook. */
  readonly store: Store
  /** What was logged, level and message. */
  readonly logged: string[]
  /** Stands in front of commits: of all workers and clients. */
  onCommit: (batch: CommitBatch, forward: Forward) => Promise<CommitOutcome>
  /** Stands in front of claims of executions, of all workers. */
  onClaim: (forward: () => Promise<readonly ClaimedExecution[]>) => Promise<readonly ClaimedExecution[]>
  /** Stands in front of claims of tasks, of all workers. */
  onClaimTasks: (forward: () => Promise<ClaimedTasks>) => Promise<ClaimedTasks>
  /** Stands in front of claims of queries, of all workers. */
  onClaimQueries: (forward: () => Promise<readonly QueryAsked[]>) => Promise<readonly QueryAsked[]>
  /** Stands in front of reads of an execution's tasks, by all workers and clients. */
  onReadTasks: (forward: () => Promise<readonly ActivityTask[]>) => Promise<readonly ActivityTask[]>
  /** Stands in front of ticks, of all workers. */
  onTick: (forward: () => Promise<Look>) => Promise<Look>
  /** Sees every look before its worker does. */
  onLook: (look: Look) => void
  /** Each commit that reached the store, with its outcome. */
  readonly commits: { readonly batch: CommitBatch; readonly outcome: CommitOutcome }[]
  /** Time of the store runs ahead of the system's by so much. */
  aheadMs: number
  addWorker(settings?: Partial<WorkerSettings>): Promise<StageWorker>
}

export const namespace = 'test'
export const taskQueue = 'queue'

const standard: WorkerSettings = {
  namespace, identity: 'stage', taskQueues: [taskQueue], buildId: 'build', maxConcurrentWorkflows: 10_000, maxConcurrentActivities: 100,
  activitiesPerSecond: undefined, queues: new Map(), queueRates: new Map(), maxCachedBytes: Number.POSITIVE_INFINITY,
  maxCachedWorkflows: 1_000, shutdownGraceMs: 200, tickMs: 10, leaseMs: 5_000,
}

export function openStage(t: TestContext, options: StageOptions): Stage {
  const workers: Worker[] = []
  let aheadMs = 0
  const stage: Stage = {
    store: createMemoryStore({ now: () => Date.now() + aheadMs }),
    logged: [], commits: [],
    get aheadMs() { return aheadMs },
    set aheadMs(ms) { aheadMs = ms },
    onCommit: (batch, forward) => forward(batch),
    onClaim: (forward) => forward(),
    onClaimTasks: (forward) => forward(),
    onClaimQueries: (forward) => forward(),
    onReadTasks: (forward) => forward(),
    onTick: (forward) => forward(),
    onLook: () => undefined,
    addWorker: async (settings) => {
      const added = await addWorker(stage, { ...options, settings: { ...standard, ...options.settings, ...settings } })
      workers.push(added.worker)
      return added
    },
  }
  t.after(async () => {
    stage.onCommit = (batch, forward) => forward(batch)
    await Promise.all(workers.map((worker) => worker.stop()))
  })
  return stage
}

async function addWorker(stage: Stage, options: StageOptions & { settings: WorkerSettings }): Promise<StageWorker> {
  const { workflows, activities = {}, workflowInterceptors = [], settings } = options
  const registry = createRegistry()
  for (const [name, fn] of Object.entries(workflows)) registry.registerWorkflow(name, fn)
  for (const [name, fn] of Object.entries(activities)) registry.registerActivity(name, fn)
  const process = { dead: false, leases: [] as LeaseKeeper[], stops: new Set<() => void>() }
  const clock = mortalClock(process)
  const store = hookedStore(stage, process)
  const log = (level: string) => (message: string) => void stage.logged.push(`${level} ${message}`)
  const logger = { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') }
  const worker = createWorker({ store, notifier: undefined, clock, logger, registry, settings, workflowInterceptors })
  const client = createWorkflowClient({
    store, notifier: undefined, clock, logger, registry, localWorker: worker, servedTaskQueues: settings.taskQueues, namespace, taskQueue,
    identity: 'client',
  })
  await worker.start()
  const crash = async (): Promise<void> => {
    process.dead = true
    for (const stop of process.stops) stop()
    for (const lease of process.leases) await lease.stop()
    worker.stop = async () => undefined
  }
  return { worker, client, crash }
}

interface Process {
  dead: boolean
  readonly leases: LeaseKeeper[]
  readonly stops: Set<() => void>
}

function mortalClock(process: Process): Clock {
  const clock = createSystemClock()
  return {
    now: () => clock.now(),
    correct: (storeNow) => clock.correct(storeNow),
    timer: (delayMs, call) => {
      if (process.dead) return () => undefined
      const stop = clock.timer(delayMs, () => {
        process.stops.delete(stop)
        call()
      })
      process.stops.add(stop)
      return () => {
        process.stops.delete(stop)
        stop()
      }
    },
  }
}

function hookedStore(stage: Stage, process: Process): Store {
  const never = new Promise<never>(() => undefined)
  const forward: Forward = async (batch) => {
    const outcome = await stage.store.commit(batch)
    stage.commits.push({ batch, outcome })
    return outcome
  }
  const hooked: Partial<Store> = {
    commit: (batch) => stage.onCommit(batch, forward),
    claim: (request) => stage.onClaim(() => stage.store.claim(request)),
    readTasks: (runId) => stage.onReadTasks(() => stage.store.readTasks(runId)),
    claimTasks: (...request) => stage.onClaimTasks(() => stage.store.claimTasks(...request)),
    claimQueries: (...request) => stage.onClaimQueries(() => stage.store.claimQueries(...request)),
    tick: async (serving, leaseMs) => {
      const look = await stage.onTick(() => stage.store.tick(serving, leaseMs))
      stage.onLook(look)
      return look
    },
    keepLease: async (incarnation, leaseMs) => {
      const lease = await stage.store.keepLease(incarnation, leaseMs)
      process.leases.push(lease)
      return lease
    },
  }
  return new Proxy(stage.store, {
    get: (target, name: keyof Store) => {
      const member = hooked[name] ?? target[name]
      if (typeof member !== 'function') return member
      const call = member as (...args: unknown[]) => Promise<unknown>
      return async (...args: unknown[]) => {
        if (process.dead) return never
        const answer = await call(...args)
        return process.dead ? never : answer
      }
    },
  })
}

/** The next tick of a worker has come. Several may wait for the same one. */
export function nextLook(stage: Stage): Promise<void> {
  const before = stage.onLook
  return new Promise((resolve) => {
    stage.onLook = (look) => {
      stage.onLook = () => undefined
      before(look)
      resolve()
    }
  })
}

/** Lets everything of a batch through but one run's transition, whose outcome is given. */
export async function answerInstead(batch: CommitBatch, forward: Forward,
  refuse: (transition: Transition) => CommitOutcomeOfOne): Promise<CommitOutcome> {
  const refused = batch.transitions.map(refuse)
  const passing = batch.transitions.filter((_, index) => refused[index] === undefined)
  const outcome = await forward({ ...batch, transitions: passing })
  if (outcome.type === 'fenced') return outcome
  const passed = [...outcome.transitions]
  return { ...outcome, transitions: refused.map((one) => one ?? passed.shift() ?? 'lost') }
}
type CommitOutcomeOfOne = 'locked' | undefined

export const closes = (batch: CommitBatch): boolean => batch.transitions.some((transition) => transition.close !== null)
export const releases = (batch: CommitBatch): boolean => batch.transitions.some((transition) => transition.release !== null)
/** Outcomes of all closes or releases that reached the store, in order. */
export function outcomesOf(stage: Stage, part: 'close' | 'release'): string[] {
  return stage.commits.flatMap(({ batch, outcome }) => batch.transitions.flatMap((transition, index) => (
    transition[part] === null || outcome.type === 'fenced' ? [] : [outcome.transitions[index] ?? 'none'])))
}

export function unavailable(): StoreUnavailableError {
  return new StoreUnavailableError('The database memory is away')
}
