/** The workers of a simulation: one at a time, until it crashes; then the next. */
import { createRegistry, createWorker, type Logger, type Registry, type Store } from '@perdure/engine'
import type { AttemptHarm, FaultPlan } from './fault-plan.ts'
import type { Random } from './random.ts'
import type { Scenario, SimulatedActivity, SimulatedCall } from './scenario.ts'
import type { Scheduler } from './scheduler.ts'
import { plainFate, simulatedClock, simulatedLink, type HintHub } from './simulated-link.ts'
import { runSimulated } from './virtual-globals.ts'
import { VirtualProcess } from './virtual-process.ts'

export interface WorkersParts {
  readonly scheduler: Scheduler
  readonly random: Random
  readonly store: Store
  readonly hints: HintHub
  readonly plan: FaultPlan
  readonly scenario: Scenario
}

/** What a simulated attempt fails with. */
class SimulatedFailure extends Error {}

const leaseMs = 5_000
const hangingAttemptsMax = 5
const lateAttemptsMax = 20
/** Writes of workers: right before and right after each it may crash. */
const commits: ReadonlySet<string> = new Set(['commit', 'endTasks'])
export const silent: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

type MutableCall = { -readonly [Key in keyof SimulatedCall]: SimulatedCall[Key] }

export class SimulatedWorkers {
  readonly #parts: WorkersParts
  readonly #calls: MutableCall[] = []
  #count = 0
  #workers: VirtualProcess[] = []
  /** The last attempt that has begun of each activity. */
  readonly #latest = new Map<string, number>()
  /** Attempts that returned when the next had begun already: what they wait for is real, and virtual time does not wait for it. */
  readonly #late = new Map<string, { readonly name: string; readonly count: number }>()
  /** Functions of activities that have not returned, in processes that live. */
  readonly #running = new Map<MutableCall, VirtualProcess>()

  constructor(parts: WorkersParts) {
    this.#parts = parts
  }

  get calls(): readonly SimulatedCall[] {
    return this.#calls
  }

  /** The name of an activity that has not returned. */
  get hanging(): string | undefined {
    for (const [{ name }, process] of this.#running) if (process.alive) return name
    return this.#lateOne()
  }

  /** So many attempts of one activity have begun, and not returned, that more will not help. */
  get hangsForGood(): boolean {
    const attempts = new Map<string, number>()
    for (const [call, process] of this.#running) {
      const key = activityOf(call)
      if (process.alive) attempts.set(key, (attempts.get(key) ?? 0) + 1)
    }
    return Math.max(0, ...attempts.values()) > hangingAttemptsMax || this.#lateOne() !== undefined
  }

  #lateOne(): string | undefined {
    for (const { name, count } of this.#late.values()) if (count > lateAttemptsMax) return name
    return undefined
  }

  registry(process: VirtualProcess | undefined): Registry {
    const { scenario } = this.#parts
    const registry = createRegistry()
    for (const [name, fn] of scenario.workflows) registry.registerWorkflow(name, fn)
    if (process === undefined) return registry
    for (const [name, fn] of scenario.activities) {
      registry.registerActivity(name, (...args: unknown[]) => this.#attempt(process, name, fn, args))
    }
    return registry
  }

  open(): void {
    const { scheduler, random, store, hints, scenario } = this.#parts
    const process = new VirtualProcess(scheduler, `worker ${++this.#count}`, 0)
    this.#workers.push(process)
    const clock = simulatedClock(scheduler, process)
    const link = simulatedLink({
      store, process, scheduler, random,
      fateOf: (name) => (commits.has(name) ? { lateMs: 0, perform: (call) => this.#commit(process, call) } : plainFate),
    })
    const notifier = hints.link(process)
    const { workflowFailureErrorTypes, ...interceptors } = scenario.code ?? {}
    const worker = createWorker({
      ...interceptors, store: link, clock, logger: silent, registry: this.registry(process), notifier,
      settings: {
        namespace: 'default', identity: process.name, taskQueues: scenario.taskQueues, buildId: 'simulated', leaseMs, tickMs: 1_000,
        shutdownGraceMs: 0, maxConcurrentWorkflows: 1_000, maxConcurrentActivities: 100, activitiesPerSecond: undefined, queues: new Map(),
        queueRates: new Map(), maxCachedWorkflows: random.pick([0, 1_000]), maxCachedBytes: Infinity,
        workflowFailureErrorTypes,
      },
    })
    scheduler.ready({ owner: process, what: 'starts', run: () => {
      runSimulated({ scheduler, process, random: undefined }, () => {
        void notifier.start((topic) => worker.onHint(topic)).then(() => worker.start())
      })
    } })
  }

  end(): void {
    for (const process of this.#workers) process.alive = false
  }

  async #commit(process: VirtualProcess, call: () => Promise<unknown>): Promise<{ readonly value: unknown } | undefined> {
    const { crash, jumpMs } = this.#parts.plan.nextCommit()
    if (jumpMs !== 0) process.jump(jumpMs)
    if (crash?.when === 'before') return this.#crash(process, crash.downMs)
    const value = await call()
    return crash?.when === 'after' ? this.#crash(process, crash.downMs) : { value }
  }

  #crash(process: VirtualProcess, downMs: number): undefined {
    const { scheduler } = this.#parts
    if (!process.alive) return undefined
    process.crash(true)
    scheduler.progress()
    scheduler.after(downMs, { owner: undefined, what: 'the next worker starts', run: () => {
      scheduler.progress()
      this.open()
    } })
    return undefined
  }

  #attempt(process: VirtualProcess, name: string, fn: SimulatedActivity, args: readonly unknown[]): Promise<unknown> {
    const { scheduler, random, plan, scenario } = this.#parts
    const { before, after } = plan.nextCall()
    const call: MutableCall = { name, args, ...scenario.attempt(), isDone: false }
    this.#calls.push(call)
    this.#running.set(call, process)
    this.#latest.set(activityOf(call), call.attempt)
    scheduler.progress()
    return runSimulated({ scheduler, process, random }, async () => {
      try {
        await this.#harm(process, name, before)
        const result = await fn(...args)
        call.isDone = true
        await this.#harm(process, name, after)
        return result
      } finally {
        scheduler.progress()
        this.#running.delete(call)
        this.#noteLate(call)
      }
    })
  }

  #noteLate(call: MutableCall): void {
    const key = activityOf(call)
    if (this.#latest.get(key) === call.attempt) return
    this.#late.set(key, { name: call.name, count: (this.#late.get(key)?.count ?? 0) + 1 })
  }

  async #harm(process: VirtualProcess, name: string, { slowMs, fails }: AttemptHarm): Promise<void> {
    const { scheduler } = this.#parts
    if (slowMs > 0) {
      await new Promise<void>((resolve) => {
        scheduler.after(slowMs, { owner: process, what: `${name} is slow`, run: () => { scheduler.progress(); resolve() } })
      })
    }
    if (fails) throw new SimulatedFailure(`${name} fails, as the simulation wants it`)
  }
}

function activityOf({ runId, activityId }: MutableCall): string {
  return `${runId} ${activityId}`
}
