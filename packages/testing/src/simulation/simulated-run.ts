/**
 * One run of a workflow under a scheduler: a user, workers that may crash, the in-memory store. The same seed and the same faults give
 * the same run, as long as the activities do nothing outside of the simulation.
 */
import {
  asRunId, createSystemClock, createWorkflowClient, PerdureError, replayCold, type HeldCode, type IdSource, type Store,
  type WorkerParts,
} from '@perdure/engine'
import { MemoryData } from '../memory-store/memory-data.ts'
import { storeOf } from '../memory-store/memory-store.ts'
import type { Fault } from './fault.ts'
import { FaultPlan } from './fault-plan.ts'
import { Random } from './random.ts'
import type { Scenario, SimulatedRun } from './scenario.ts'
import { Scheduler, type Trace } from './scheduler.ts'
import { HintHub, plainFate, simulatedClock, simulatedLink, type CallFate } from './simulated-link.ts'
import { silent, SimulatedWorkers } from './simulated-workers.ts'
import { runSimulated } from './virtual-globals.ts'
import { VirtualProcess } from './virtual-process.ts'

const startAt = Date.UTC(2026, 0, 1)
const stepsMax = 200_000
const workflowId = 'simulated'
/** With the code that there is it will not go on. */
const forGood: ReadonlySet<HeldCode> = new Set(['nondeterminism', 'determinism_violation', 'task_failure', 'unknown_workflow_type'])

export async function simulatedRun(scenario: Scenario, seed: number, faults: readonly Fault[], trace?: Trace): Promise<SimulatedRun> {
  return new Simulation(scenario, seed, faults, trace).run()
}

class Simulation {
  readonly #scenario: Scenario
  readonly #seed: number
  readonly #faults: readonly Fault[]
  readonly #scheduler: Scheduler
  readonly #data: MemoryData
  readonly #plan: FaultPlan
  readonly #workers: SimulatedWorkers
  readonly #network: Random
  readonly #hints: HintHub
  #problem: string | undefined
  #isUserDone = false

  constructor(scenario: Scenario, seed: number, faults: readonly Fault[], trace: Trace | undefined) {
    this.#scenario = scenario
    this.#seed = seed
    this.#faults = faults
    const scheduler = new Scheduler(new Random(seed, 1), startAt, trace)
    this.#scheduler = scheduler
    this.#network = new Random(seed, 2)
    this.#data = new MemoryData(() => scheduler.now)
    this.#plan = new FaultPlan(faults)
    this.#hints = new HintHub(scheduler, this.#network)
    this.#workers = new SimulatedWorkers({
      scheduler, random: this.#network, store: storeOf(this.#data), hints: this.#hints, plan: this.#plan, scenario,
    })
  }

  async run(): Promise<SimulatedRun> {
    const scheduler = this.#scheduler
    this.#workers.open()
    this.#beginUser()
    await scheduler.run(() => this.#isOver() || scheduler.steps > stepsMax)
    const { steps, now } = scheduler
    if (!this.#isOver()) this.#problem ??= this.#whyOpen()
    this.#workers.end()
    const draws = `${this.#network.draws}:${this.#network.next()}`
    await this.#replay()
    return {
      seed: this.#seed, faults: this.#faults, problem: this.#problem, ...await this.#outcome(), calls: this.#workers.calls,
      size: this.#plan.size, tookMs: now - startAt, fingerprint: `${steps} ${now} ${draws}`,
    }
  }

  #isOver(): boolean {
    for (const runId of this.#data.open.keys()) {
      const held = this.#data.executions.get(runId)?.held
      if (held !== null && held !== undefined && forGood.has(held.code)) this.#fail(`It is held (${held.code}): ${held.reason}`)
    }
    if (this.#workers.hangsForGood) this.#fail(this.#whyOpen())
    return this.#problem !== undefined || (this.#isUserDone && this.#data.open.size === 0)
  }

  #beginUser(): void {
    const scheduler = this.#scheduler
    const process = new VirtualProcess(scheduler, 'user', 0)
    const clock = simulatedClock(scheduler, process)
    const store = simulatedLink({
      store: storeOf(this.#data), process, scheduler, random: this.#network, fateOf: (name) => this.#fateOfUsers(name),
    })
    const notifier = this.#hints.link(process)
    const [taskQueue] = this.#scenario.taskQueues
    const client = createWorkflowClient({
      store, clock, logger: silent, registry: this.#workers.registry(undefined), notifier, localWorker: undefined, servedTaskQueues: [],
      namespace: 'default', taskQueue, identity: 'user', ids: this.#ids(), ...this.#values(),
    })
    const code = { scheduler, process, random: new Random(this.#seed, 3) }
    const use = async (): Promise<void> => {
      await notifier.start((topic) => client.onHint(topic))
      await client.start(this.#scenario.workflowType, { workflowId, args: this.#scenario.args })
      await this.#scenario.during?.({
        client, workflowId, now: () => scheduler.now,
        sleep: (ms) => new Promise((resolve) => {
          scheduler.after(ms, { owner: process, what: 'the user goes on', run: () => { scheduler.progress(); resolve() } })
        }),
      })
    }
    scheduler.ready({ owner: process, what: 'the user begins', run: () => runSimulated(code, () => {
      use().then(() => { this.#isUserDone = true }, (error: unknown) => this.#fail(`What is done meanwhile failed: ${textOf(error)}`))
    }) })
  }

  #fateOfUsers(name: keyof Store): CallFate {
    if (name !== 'post' && name !== 'requestUpdates') return plainFate
    const { lateMs, copies } = this.#plan.nextMessage()
    return {
      lateMs,
      perform: async (call) => {
        const value = await call()
        // Its sender sends it again; the first answer counts.
        for (let copy = 1; copy < copies; copy++) await call()
        return { value }
      },
    }
  }

  #fail(problem: string): void {
    this.#problem ??= problem
  }

  async #replay(): Promise<void> {
    const store = storeOf(this.#data)
    const { workflowInterceptors: interceptors, workflowFailureErrorTypes: failureErrorTypes, values } = this.#scenario.code ?? {}
    for (const record of this.#data.executions.values()) {
      const fn = this.#scenario.workflows.get(record.workflowType)
      if (fn === undefined) continue
      try {
        await replayCold(store, record, fn, { interceptors, failureErrorTypes, values })
      } catch (error) {
        this.#fail(`Workflow '${record.workflowType}' does something else when its history is replayed: ${textOf(error)}`)
      }
    }
  }

  async #outcome(): Promise<Pick<SimulatedRun, 'status' | 'result' | 'failure' | 'history'>> {
    const client = createWorkflowClient({
      store: storeOf(this.#data), clock: createSystemClock(), logger: silent, registry: this.#workers.registry(undefined),
      notifier: undefined, localWorker: undefined, servedTaskQueues: [], namespace: 'default', taskQueue: 'default', identity: 'checker',
      ...this.#values(),
    })
    try {
      const { status } = await client.getStatus(workflowId)
      const result = status === 'COMPLETED' ? await client.getHandle(workflowId).result() : undefined
      const failure = status === 'RUNNING' || status === 'COMPLETED' ? undefined : (await client.describe(workflowId)).failure
      return { status, result, failure, history: await client.history(workflowId) }
    } finally {
      await client.stop(new PerdureError('ENGINE_STOPPED', 'The simulation is over'))
    }
  }

  #values(): Pick<WorkerParts, 'values'> {
    const { values } = this.#scenario.code ?? {}
    return values === undefined ? {} : { values }
  }

  #whyOpen(): string {
    const { hanging } = this.#workers
    if (hanging !== undefined) {
      return `Activity '${hanging}' never returns: in a simulation an activity may wait for time, and for nothing outside of it`
    }
    const missing = [...this.#data.tasks.values()].flat().find(({ activityType }) => !this.#scenario.activities.has(activityType))
    if (missing !== undefined) {
      const given = [...this.#scenario.activities.keys()].join(', ')
      return `It calls activity '${missing.activityType}', which is not among the activities given: ${given || 'there are none'}`
    }
    if (this.#scheduler.steps > stepsMax) return `It did not end within ${stepsMax} steps`
    if (this.#data.open.size === 0) return 'What is done meanwhile never ends'
    return 'It never ends: it waits, and nothing is under way that would wake it'
  }

  #ids(): IdSource {
    let count = 0
    const random = this.#network
    return {
      runId: (now) => {
        const time = Math.floor(now).toString(16).padStart(12, '0')
        const number = (++count).toString(16).padStart(4, '0')
        return asRunId(`${time.slice(0, 8)}-${time.slice(8)}-7${random.hex(3)}-8${random.hex(3)}-${random.hex(8)}${number}`)
      },
      queryId: () => `query-${++count}`,
    }
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
