/** The processes of a simulation: how they start, and how they are harmed. */
import {
  asRunId, createRegistry, createWorker, createWorkflowClient, PerdureError, type ConnectedClient, type IdSource, type Logger, type RunId,
  type Store, type Worker, type WorkerSettings,
} from '@perdure/engine'
import { withLocalHints } from '../../packages/perdure/src/local-hints.ts'
import { HintNetwork } from './hint-link.ts'
import type { Ledger } from './ledger.ts'
import { workOf } from './program-activities.ts'
import { runProgram } from './program-workflow.ts'
import { limitedQueue, mainQueue, otherQueue, type Program } from './programs.ts'
import type { Random } from '../../packages/testing/src/simulation/random.ts'
import type { Scheduler } from '../../packages/testing/src/simulation/scheduler.ts'
import { linkedStore } from './store-link.ts'
import type { Tally } from './tally.ts'
import type { Connected } from './users.ts'
import { VirtualProcess } from '../../packages/testing/src/simulation/virtual-process.ts'
import type { FaultKind, Weather } from './weather.ts'

export interface ClusterParts {
  readonly scheduler: Scheduler
  readonly random: Random
  readonly store: Store
  readonly ledger: Ledger
  readonly weather: () => Weather
  readonly tally: Tally
  /** An attempt at an activity of this workflow is about to complete in this process. */
  readonly onEnd: (by: Connected, workflowId: string) => void
}

interface Member extends Connected {
  readonly worker: Worker | undefined
  readonly buildId: string
  /** It takes calls of users. */
  connected: boolean
}

const allQueues = [mainQueue, otherQueue, limitedQueue]
const namespace = 'default'
const leaseMs = 5_000

export class Cluster {
  readonly #parts: ClusterParts
  readonly #hints: HintNetwork | undefined
  readonly #members: Member[] = []
  /** Calls of the functions of programs, by their names. */
  readonly #calls = new Map<string, number>()
  #count = 0
  #ids = 0
  /** Faults so far. */
  faults = 0

  constructor(parts: ClusterParts) {
    this.#parts = parts
    this.#hints = parts.random.chance(0.2) ? undefined : new HintNetwork(parts)
  }

  begin(): void {
    const { random } = this.#parts
    const count = random.integer(1, 4)
    for (let index = 0; index < count; index++) {
      const others = allQueues.filter((queue) => queue !== mainQueue && random.chance(0.7))
      // The first serves all, so that there is somebody for everything.
      this.open(index === 0 ? allQueues : random.chance(0.9) ? [mainQueue, ...others] : [otherQueue])
    }
    if (random.chance(0.4)) this.open(undefined)
  }

  get connected(): readonly Connected[] {
    return this.#members.filter(({ process, connected }) => connected && process.alive && !process.leaving && !process.frozen)
  }

  /** @param taskQueues undefined: a producer, without a worker */
  open(taskQueues: readonly string[] | undefined, buildId = 'first'): void {
    const { scheduler, random, ledger, store, weather, tally } = this.#parts
    const process = new VirtualProcess(scheduler, `p${++this.#count}`, random.chance(0.5) ? 0 : random.integer(-600_000, 600_000))
    const registry = createRegistry()
    registry.registerWorkflow('runProgram', (program: Program) => {
      if (this.#mayKill(program)) this.#poisoned(member, 0)
      return runProgram(program)
    })
    registry.registerActivity('work', workOf(process, ledger, {
      die: () => this.#poisoned(member, random.pick([0, 20, 300])),
      ends: (workflowId) => this.#parts.onEnd(member, workflowId),
    }))
    const logger = loggerOf(scheduler, process)
    const link = linkedStore({ store, process, scheduler, random, weather, tally })
    const shared = { store: link, clock: process.clock, logger, registry }
    const notifier = this.#hints?.link(process)
    const hints = this.#hints !== undefined
    const worker = taskQueues === undefined ? undefined : createWorker({
      ...shared, notifier: withLocalHints({ hints }, notifier, (topic) => client.onHint(topic)),
      settings: this.#settings(process.name, taskQueues, buildId),
    })
    const ids = this.#idSource()
    const client: ConnectedClient = createWorkflowClient({
      ...shared, notifier: withLocalHints({ hints }, notifier, (topic) => worker?.onHint(topic)), localWorker: worker,
      servedTaskQueues: taskQueues ?? [], namespace, taskQueue: mainQueue, identity: process.name, ids,
    })
    const member: Member = { process, worker, buildId, client, lastRunId: ids.last, connected: false }
    this.#members.push(member)
    scheduler.ready({ owner: process, what: `opens ${taskQueues?.join(' ') ?? 'as a producer'}`, run: () => {
      const connect = async (): Promise<void> => {
        try {
          process.clock.correct(await link.ping())
        } catch {
          process.clock.timer(500, () => void connect())
          return
        }
        await notifier?.start((topic) => {
          client.onHint(topic)
          worker?.onHint(topic)
        })
        member.connected = true
        await worker?.start()
      }
      void connect()
    } })
  }

  harm(kind: FaultKind): void {
    const { random, scheduler } = this.#parts
    const living = this.#members.filter(({ process }) => process.alive)
    if (living.length === 0) return
    // Often in the middle of what it does.
    const busy = random.chance(0.6) ? living.find(({ process }) => process === scheduler.current) : undefined
    const member = busy ?? random.pick(living)
    scheduler.note(() => `fault: ${kind} of ${member.process.name}`)
    if (!this.#meet(member, kind)) return
    this.faults++
    this.#parts.tally.note(kind)
  }

  /** False: it was so already. */
  #meet(member: Member, kind: FaultKind): boolean {
    const { random, scheduler } = this.#parts
    const { process } = member
    switch (kind) {
      case 'crash':
        process.crash(random.chance(0.7))
        this.#replace(member)
        return true
      case 'leave':
        return this.#leave(member)
      case 'freeze': {
        if (process.frozen) return false
        process.freeze(random.pick([50, 1_500, 7_000, 20_000]))
        return true
      }
      case 'partition':
        process.partitioned = true
        if (random.chance(0.3)) process.loseLocks()
        scheduler.after(random.pick([100, 2_000, 9_000, 20_000]), { owner: undefined, what: `${process.name} is reached again`, run: () => {
          process.partitioned = false
        } })
        return true
      case 'jump':
        process.jump(random.chance(0.1) ? random.integer(-600_000, 600_000) : random.pick([-30_000, -5_000, -500, 500, 5_000, 30_000]))
        return true
      case 'lock lost': {
        const had = process.leases.length > 0
        process.loseLocks()
        return had
      }
      default:
        return kind satisfies never
    }
  }

  /** Nothing harms them any more; who was harmed recovers, and somebody new comes with other code. */
  heal(): void {
    for (const { process } of this.#members) {
      process.partitioned = false
      process.thaw()
    }
    this.open(allQueues, 'second')
  }

  /** Names of the processes that have a worker and have not ended. */
  get working(): readonly string[] {
    return this.#members.filter(({ worker, connected }) => worker !== undefined && connected).map(({ process }) => process)
      .filter(({ alive, leaving }) => alive && !leaving).map(({ name }) => name)
  }

  /** All processes end at once, for what is looked at afterwards. */
  end(): void {
    for (const { process } of this.#members) process.alive = false
  }

  #mayKill(program: Program): boolean {
    const calls = this.#calls.get(program.name) ?? 0
    this.#calls.set(program.name, calls + 1)
    return calls < program.kills
  }

  /** Killed by what it ran, at any step from now on. */
  #poisoned(member: Member, afterMs: number): void {
    const { scheduler, random, tally } = this.#parts
    scheduler.after(afterMs, { owner: member.process, what: 'dies of what it runs', run: () => {
      tally.note('poisoned')
      member.process.crash(random.chance(0.7))
      this.#replace(member)
    } })
  }

  #replace({ worker, buildId }: Member): void {
    const { random, scheduler } = this.#parts
    const queues = worker === undefined ? undefined : allQueues
    const run = (): void => this.open(queues, buildId)
    scheduler.after(random.pick([0, 100, 3_000, 12_000]), { owner: undefined, what: 'a process is started again', run })
  }

  /** In good order, as for a deployment. */
  #leave(member: Member): boolean {
    const { scheduler } = this.#parts
    const { process, worker, client } = member
    if (process.leaving || !member.connected) return false
    process.leaving = true
    scheduler.ready({ owner: process, what: 'leaves', run: () => {
      const end = async (): Promise<void> => {
        await worker?.stop()
        await client.stop(new PerdureError('ENGINE_STOPPED', 'The process leaves'))
        process.alive = false
        process.loseLocks()
      }
      void end()
    } })
    this.#replace(member)
    return true
  }

  #settings(identity: string, taskQueues: readonly string[], buildId: string): WorkerSettings {
    const { random } = this.#parts
    return {
      namespace, identity, taskQueues, buildId, leaseMs, tickMs: 1_000, shutdownGraceMs: random.pick([0, 200, 5_000]),
      maxConcurrentWorkflows: random.pick([2, 100, 1_000]), maxConcurrentActivities: random.pick([1, 5, 100]),
      activitiesPerSecond: random.chance(0.1) ? 5 : undefined,
      queues: new Map(random.chance(0.2) ? [[otherQueue, { maxConcurrentWorkflows: undefined, maxConcurrentActivities: 2 }]] : []),
      queueRates: new Map(), maxCachedWorkflows: random.pick([0, 1, 3, 1_000, 1_000]), maxCachedBytes: Infinity,
    }
  }

  #idSource(): IdSource & { readonly last: () => RunId } {
    const { random } = this.#parts
    let last: RunId | undefined
    return {
      runId: (now) => {
        const time = Math.floor(now).toString(16).padStart(12, '0')
        const number = (++this.#ids).toString(16).padStart(4, '0')
        return last = asRunId(`${time.slice(0, 8)}-${time.slice(8)}-7${random.hex(3)}-8${random.hex(3)}-${random.hex(8)}${number}`)
      },
      queryId: () => `query-${++this.#ids}`,
      last: () => last ?? asRunId(''),
    }
  }
}

function loggerOf(scheduler: Scheduler, process: VirtualProcess): Logger {
  const at = (level: string) => (message: string): void => scheduler.note(() => `${process.name} says (${level}): ${message}`)
  return { debug: () => undefined, info: at('info'), warn: at('warn'), error: at('error') }
}
