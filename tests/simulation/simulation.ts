/**
 * One simulation: real clients and workers, as several processes, on the in-memory store; a program of workflows drawn
 * from the seed; and a scheduler that decides from the seed what happens next, and what goes wrong.
 * See docs/decisions/0004-simulation.md.
 */
import type { Store } from '@perdure/engine'
import { MemoryData } from '../../packages/testing/src/memory-store/memory-data.ts'
import { storeOf } from '../../packages/testing/src/memory-store/memory-store.ts'
import { Cluster } from './cluster.ts'
import { checkAnswers, checkReplays, checkRows, type FinalParts } from './final-checks.ts'
import { Ledger } from './ledger.ts'
import { checkRelations } from './relation-checks.ts'
import { lastOfChain } from './relations.ts'
import { holdOutsideWorld } from './outside-world.ts'
import { limitedQueue } from './programs.ts'
import { Promptness } from './promptness.ts'
import { Random } from '../../packages/testing/src/simulation/random.ts'
import { Scheduler, type Trace } from '../../packages/testing/src/simulation/scheduler.ts'
import { StoreWatch } from './store-watch.ts'
import { Tally } from './tally.ts'
import { Users } from './users.ts'
import { VirtualProcess } from '../../packages/testing/src/simulation/virtual-process.ts'
import { drawWeather, fairWeather, type Weather } from './weather.ts'

export interface SimulationOptions {
  readonly trace?: Trace
  /** Stands between the watch and the store: the checker's own tests break it. */
  readonly broken?: (store: Store, data: MemoryData) => Store
}

export interface SimulationReport {
  readonly seed: number
  /** The first violation of an invariant; undefined: none. */
  readonly problem: string | undefined
  readonly steps: number
  readonly executions: number
  readonly faults: number
  /** How often what happened. */
  readonly met: ReadonlyMap<string, number>
  /** Two runs of one seed that differ anywhere differ here. */
  readonly fingerprint: string
}

const startAt = Date.UTC(2026, 0, 1)
/** Faults and new work end after so long. */
const harshMs = 30_000
/**
 * So long after the last fault everything has ended; clocks, and so workflows, may have been twenty minutes fast. Some take most of an
 * hour: runs that are tried again and go on as new, each with activities of several attempts.
 */
const quietMsMax = 120 * 60_000
const stepsMax = 400_000
/** Then whoever has not noticed that an execution is closed, or that its own worker was taken for dead, has. */
const restMs = 60_000
const topUpMs = 5_000
/** Turns whose code takes time: what they wait for may be due when they are over. */
const slowTurns = [0, 0.02, 0.6]

class Violation extends Error {}

export async function simulate(seed: number, options: SimulationOptions = {}): Promise<SimulationReport> {
  const scheduler = new Scheduler(new Random(seed, 1), startAt, options.trace)
  let problem: string | undefined
  const fail = (message: string): void => {
    if (problem === undefined) scheduler.note(() => `VIOLATION ${message}`)
    problem ??= message
  }
  const letGo = holdOutsideWorld(scheduler, (error) => fail(error.stack ?? error.message))
  const run = new SimulationRun(seed, scheduler, options, fail)
  scheduler.afterStep = () => {
    if (problem !== undefined) throw new Violation(problem)
    run.afterStep()
  }
  try {
    await run.play()
  } catch (error) {
    if (!(error instanceof Violation)) throw error
  } finally {
    letGo()
  }
  return { seed, problem, steps: scheduler.steps, ...run.summary() }
}

class SimulationRun {
  readonly #scheduler: Scheduler
  readonly #fail: (message: string) => void
  readonly #faults: Random
  readonly #randoms: readonly Random[]
  readonly #data: MemoryData
  readonly #watch: StoreWatch
  readonly #ledger: Ledger
  readonly #tally: Tally
  readonly #cluster: Cluster
  readonly #users: Users
  readonly #harsh: boolean
  #weather: Weather
  #promptness: Promptness | undefined
  #stepsToFault: number

  constructor(seed: number, scheduler: Scheduler, { broken }: SimulationOptions, fail: (message: string) => void) {
    const program = new Random(seed, 2)
    const network = new Random(seed, 3)
    const faults = new Random(seed, 4)
    this.#randoms = [program, network, faults]
    this.#scheduler = scheduler
    this.#fail = fail
    this.#faults = faults
    this.#weather = drawWeather(faults)
    this.#harsh = this.#weather !== fairWeather
    this.#stepsToFault = this.#drawStepsToFault()
    const slow = program.pick(slowTurns)
    scheduler.turnTakesMs = () => (program.chance(slow) ? program.pick([1, 3, 10]) : 0)
    const data = this.#data = new MemoryData(() => scheduler.now)
    this.#ledger = new Ledger({
      step: () => scheduler.steps, fail, note: (line) => scheduler.note(line),
      historyLength: (runId) => (data.executions.has(runId as never) ? data.eventsOf(runId as never).length : undefined),
    })
    const limit = program.chance(0.5) ? program.integer(1, 3) : null
    const plain = storeOf(data)
    if (limit !== null) void plain.setQueueLimits('default', limitedQueue, { maxConcurrentActivities: limit })
    const tally = this.#tally = new Tally()
    this.#watch = new StoreWatch({ data, ledger: this.#ledger, limit, tally, fail })
    const store = { ...this.#watch.watched(broken?.(plain, data) ?? plain), commitsAside: program.chance(0.5) }
    const weather = (): Weather => this.#weather
    this.#cluster = new Cluster({
      scheduler, random: network, store, ledger: this.#ledger, weather, tally,
      onEnd: (by, workflowId) => this.#users.lookAtEnd(by, workflowId),
    })
    this.#users = new Users({
      scheduler, random: program, ledger: this.#ledger, fail, connected: () => this.#cluster.connected,
      statusOf: (runId) => data.executions.get(runId)?.status, tally, endOf: (runId) => lastOfChain(data, runId)?.status,
      runsOf: (workflowId) => [...data.executions.values()].filter((row) => row.workflowId === workflowId).map(({ status }) => status),
      hasCompleted: (updateId) => this.#watch.completedUpdates.has(updateId),
    })
  }

  async play(): Promise<void> {
    const scheduler = this.#scheduler
    this.#cluster.begin()
    this.#users.begin()
    const harshUntil = startAt + harshMs
    await scheduler.run(() => scheduler.now >= harshUntil)
    scheduler.note(() => 'the weather is fair from now on')
    this.#weather = fairWeather
    this.#promptness = new Promptness(this.#data, scheduler.now, () => this.#tally.counts.get('poisoned') ?? 0, this.#fail)
    this.#cluster.heal()
    const until = scheduler.now + quietMsMax
    this.#topUp()
    // A process that leaves may have a start under way, which nobody waits for: then there is more to do after the rest.
    do {
      await scheduler.run(() => this.#isOver() || scheduler.now > until || scheduler.steps > stepsMax)
      if (!this.#isOver()) this.#fail(`I8: after ${scheduler.steps} steps, long after the last fault, ${this.#openText()}`)
      const restUntil = scheduler.now + restMs
      await scheduler.run(() => scheduler.now > restUntil)
    } while (!this.#isOver())
    this.#checkLiving()
    this.#cluster.end()
    await this.#lookAtTheEnd()
  }

  /** Between two steps: harm, when its time has come. */
  afterStep(): void {
    this.#promptness?.look(this.#scheduler.now)
    if (--this.#stepsToFault > 0 || this.#scheduler.inTurn || this.#weather === fairWeather) return
    this.#stepsToFault = this.#drawStepsToFault()
    this.#cluster.harm(this.#faults.pick(this.#weather.faults))
  }

  summary(): Pick<SimulationReport, 'executions' | 'faults' | 'met' | 'fingerprint'> {
    const { steps, now } = this.#scheduler
    const draws = this.#randoms.map((random) => `${random.draws}:${random.next()}`)
    return {
      executions: this.#data.executions.size, faults: this.#cluster.faults, met: this.#tally.counts,
      fingerprint: `${steps} ${now} ${draws.join(' ')}`,
    }
  }

  #drawStepsToFault(): number {
    const { stepsPerFault } = this.#weather
    return stepsPerFault === Infinity ? Infinity : this.#faults.integer(1, 2 * stepsPerFault)
  }

  #isOver(): boolean {
    return this.#data.open.size === 0 && this.#users.areDone
  }

  /** Signals that were lost with whoever sent them are sent again, until there are enough. */
  #topUp(): void {
    for (const runId of this.#data.open.keys()) {
      const plan = this.#users.plans.find(({ workflowId }) => workflowId === this.#data.executions.get(runId)?.workflowId)
      const messages = [...this.#data.eventsOf(runId), ...this.#data.inboxOf(runId)]
      const signals = messages.filter(({ type }) => type === 'WorkflowExecutionSignaled').length
      if (plan !== undefined && signals < plan.needed) this.#users.signal(plan)
    }
    this.#scheduler.after(topUpMs, { owner: undefined, what: 'users look again', run: () => this.#topUp() })
  }

  /** Whoever was taken for dead, or did not know what it had written, serves again, and no call is left: nobody restarts anything. */
  #checkLiving(): void {
    const serving = new Set([...this.#data.workers.values()].filter(({ alive }) => alive).map(({ identity }) => identity))
    for (const name of this.#cluster.working) if (!serving.has(name)) this.#fail(`The worker of ${name} lives and serves nobody`)
    for (const what of this.#users.unanswered) this.#fail(`Nobody answered ${what}`)
  }

  #openText(): string {
    return [...this.#data.open.keys()].map((runId) => {
      const row = this.#data.executions.get(runId)
      return `run ${runId} of ${row?.workflowId} is open: ${JSON.stringify({
        owner: row?.owner, wakeAt: row?.wakeAt, held: row?.held, inbox: this.#data.inboxOf(runId).length,
        tasks: this.#data.tasksOf(runId), events: this.#data.eventsOf(runId).map(({ type }) => type),
      })}`
    }).join('\n') || `nobody answered ${this.#users.unanswered.join(', ')}`
  }

  async #lookAtTheEnd(): Promise<void> {
    const scheduler = this.#scheduler
    const parts: FinalParts = {
      data: this.#data, ledger: this.#ledger, watch: this.#watch, plans: this.#users.plans,
      harsh: this.#harsh || this.#tally.counts.has('poisoned'), fail: this.#fail,
    }
    this.#watch.lookAgain()
    checkRows(parts)
    checkAnswers(parts)
    checkRelations(parts)
    const checker = new VirtualProcess(scheduler, 'checker', 0)
    let isDone = false
    scheduler.ready({ owner: checker, what: 'replays', run: () => {
      checkReplays(parts).then(() => { isDone = true }, (error: unknown) => this.#fail(`The checker failed: ${(error as Error).stack}`))
    } })
    await scheduler.run(() => isDone)
  }
}
