/** Runs a program in a world that its seed makes: what happens, when, and how much of it at once. */
import type { Input } from '../../packages/engine/src/worker/owned-execution.ts'
import { ApplicationFailure, CancelledFailure, TimeoutFailure } from '@perdure/workflow'
import { encodeActivityOptions } from '../../packages/engine/src/protocol/activity-options-codec.ts'
import type { ActivityFacts, HistoryEvent } from '../../packages/engine/src/protocol/event.ts'
import { encodeFailure } from '../../packages/engine/src/protocol/failure-codec.ts'
import type { Payload } from '../../packages/engine/src/protocol/payload.ts'
import type { EventRecord } from '../../packages/engine/src/protocol/transition.ts'
import type { Command } from '../../packages/engine/src/execution/command.ts'
import type { PendingActivity } from '../../packages/engine/src/execution/pending-commands.ts'
import { Instance, startedAt, type State } from './instance.ts'
import { signalNames, type Program } from './program.ts'
import type { Random } from './random.ts'

export interface Recording {
  readonly log: readonly EventRecord[]
  /** After so many events; undefined where the log was never that long (signals that came before the workflow was called). */
  readonly states: readonly (State | undefined)[]
  /** All commands up to there, wherever the worker would have taken them; others are told by the replays alone. */
  readonly commands: readonly (readonly string[] | undefined)[]
  /** Events that were offered together, for the listing. */
  readonly batches: readonly number[]
  readonly facts: ReadonlySet<string>
}

const eventsMax = 24

export async function runLive(program: Program, random: Random): Promise<Recording> {
  return new LiveRun(program, random).run()
}

class LiveRun {
  readonly #program: Program
  readonly #random: Random
  readonly #states: (State | undefined)[] = []
  readonly #commands: (readonly string[] | undefined)[] = []
  readonly #batches: number[] = []
  readonly #facts = new Set<string>()
  #log: EventRecord[] = []
  /** So many events are durable: a refused close is rebuilt from them. */
  #durable = 0
  #asked: string[] = []
  #started = new Set<number>()
  #instance: Instance
  #now = startedAt
  #signals = 0
  #refusals = 0
  #cancelled = false

  constructor(program: Program, random: Random) {
    this.#program = program
    this.#random = random
    this.#instance = this.#create(undefined)
  }

  async run(): Promise<Recording> {
    if (this.#random.chance(0.2)) for (let count = 1 + this.#random.integer(3); count > 0; count--) this.#instance.offer(this.#signal())
    await this.#rest()
    while (this.#log.length < eventsMax && this.#instance.live.taskFailure === undefined) {
      if (this.#instance.live.outcome !== undefined && !(await this.#refuseClose())) break
      if (this.#random.chance(0.5)) this.#durable = this.#log.length
      if (this.#random.chance(0.1)) await this.#restart(this.#log, [])
      const size = this.#random.weighted([[5, 1], [2, 2], [2, 3], [1, 5]])
      this.#now += this.#random.weighted([[3, 0], [1, 1], [1, 3]])
      if (!this.#offer(size)) break
      this.#batches.push(this.#log.length)
      await this.#rest()
    }
    const { live } = this.#instance
    this.#facts.add(live.taskFailure === undefined ? live.outcome?.type ?? 'open' : 'held')
    for (const { type } of this.#log) this.#facts.add(type)
    return { log: this.#log, states: this.#states, commands: this.#commands, batches: this.#batches, facts: this.#facts }
  }

  #create(history: readonly EventRecord[] | undefined): Instance {
    return new Instance({ program: this.#program, now: () => this.#now, ...(history === undefined ? {} : { history }) })
  }

  /** Steps as the worker does, until nothing is left to do; then its commands are carried out. */
  async #rest(): Promise<void> {
    const instance = this.#instance
    const known = this.#log.length
    while (await instance.step()) {
      this.#log = [...this.#log.slice(0, known), ...instance.log]
      this.#states[this.#log.length] = instance.state()
      if (this.#random.chance(0.03)) instance.offer(this.#signal())
      if (instance.hasMessages) continue
      if (instance.live.outcome !== undefined) break
      this.#carryOut()
    }
    instance.log.length = 0
    this.#carryOut()
    this.#states[this.#log.length] ??= instance.state()
  }

  #carryOut(): void {
    const commands = this.#instance.takeCommands()
    this.#asked.push(...commands.map((command) => JSON.stringify(command)))
    this.#commands[this.#log.length] = [...this.#asked]
    for (const command of commands) this.#note(command)
  }

  #note(command: Command): void {
    if (command.type === 'ScheduleActivity') this.#started.add(command.command)
    this.#facts.add(command.type)
  }

  /** Another instance replays what is there and goes on: after an eviction, a takeover or a refused close. */
  async #restart(history: readonly EventRecord[], offered: readonly HistoryEvent[]): Promise<void> {
    this.#facts.add('replayed and gone on')
    this.#durable = history.length
    const instance = this.#create([...history])
    this.#log = [...history]
    for (const list of [this.#states, this.#commands]) list.length = history.length + 1
    this.#instance = instance
    do await instance.step(); while (instance.isReplaying)
    this.#asked = instance.takeCommands().map((command) => JSON.stringify(command))
    this.#started = new Set(instance.live.pending.activities.keys())
    for (const event of offered) instance.offer(event)
    instance.log.length = 0
    instance.causes.length = 0
  }

  /** A message came before the close: what was not durable is undone, the message comes first, then what had led to the close. */
  async #refuseClose(): Promise<boolean> {
    if (this.#refusals === 2 || !this.#random.chance(0.3)) return false
    this.#refusals++
    this.#facts.add('refused close')
    const undone = this.#instance.causes.slice(Math.max(0, this.#instance.causes.length - (this.#log.length - this.#durable)))
    const messages = undone.filter((cause) => cause.inboxId !== undefined)
    const others = [...undone, ...this.#instance.owned.inputs]
      .filter((cause) => cause.inboxId === undefined && cause.event.type !== 'WorkflowTaskStarted')
    const early = undone.some((cause) => cause.event.type === 'WorkflowTaskStarted')
    const eventOf = ({ event }: Input): HistoryEvent => event as HistoryEvent // no program sends updates
    const again = [...messages.map(eventOf), this.#signal(), ...others.map(eventOf)]
    if (early) return this.#startAgain(again)
    await this.#restart(this.#log.slice(0, this.#durable), again)
    await this.#rest()
    return true
  }

  async #startAgain(again: readonly HistoryEvent[]): Promise<boolean> {
    this.#log = []
    for (const list of [this.#states, this.#commands, this.#asked]) list.length = 0
    this.#started.clear()
    this.#instance = this.#create(undefined)
    for (const event of again) this.#instance.offer(event)
    await this.#rest()
    return true
  }

  /** False: nothing can happen any more. */
  #offer(size: number): boolean {
    const { live } = this.#instance
    const activities = [...live.pending.activities.values()].filter(({ command }) => this.#started.has(command))
    let timer = live.pending.earliestTimer()
    let offered = 0
    for (let count = 0; count < size; count++) {
      const what = this.#random.weighted([
        [activities.length > 0 ? 5 : 0, 'activity'], [timer === null ? 0 : 3, 'timer'],
        [this.#signals < 12 ? 2 : 0, 'signal'], [this.#cancelled ? 0 : 0.15, 'cancel'], [0.01, 'nothing'],
      ] as const)
      if (what === 'timer' && timer !== null) {
        // Those that are due meanwhile fire with it, in the worker's order.
        this.#now = Math.max(this.#now, timer + this.#random.weighted([[3, 0], [1, 4]]))
        timer = null
      } else if (what === 'signal') this.#instance.offer(this.#signal())
      else if (what === 'cancel') {
        this.#cancelled = true
        this.#instance.offer({ type: 'WorkflowExecutionCancelRequested', reason: '', identity: 'i' })
      } else if (what === 'activity') {
        const [activity] = activities.splice(this.#random.integer(activities.length), 1)
        if (activity !== undefined) this.#instance.offer(this.#endOf(activity))
      } else continue
      offered++
    }
    return offered > 0
  }

  #signal(): HistoryEvent {
    const input = `[${++this.#signals}]` as Payload
    return { type: 'WorkflowExecutionSignaled', signalName: this.#random.pick(signalNames), identity: 'i', input }
  }

  #endOf(activity: PendingActivity): HistoryEvent {
    const facts: ActivityFacts = {
      command: activity.command, activityType: activity.activityType, activityId: activity.activityId, taskQueue: 'queue',
      attempt: 1 + this.#random.integer(3), scheduledAt: activity.scheduledAt, startedAt: activity.scheduledAt,
      options: encodeActivityOptions(activity.options), input: activity.input,
    }
    const failed = ApplicationFailure.nonRetryable(`activity ${activity.command} failed`)
    return this.#random.weighted<() => HistoryEvent>([
      [6, () => ({ ...facts, type: 'ActivityTaskCompleted', result: String(this.#random.integer(3)) as Payload })],
      [2, () => ({ ...facts, type: 'ActivityTaskFailed', failure: encodeFailure(failed), retryState: 'NON_RETRYABLE_FAILURE' })],
      [1, () => ({
        ...facts, type: 'ActivityTaskTimedOut', failure: encodeFailure(new TimeoutFailure('late', undefined, 'START_TO_CLOSE')),
        retryState: 'TIMEOUT',
      })],
      [activity.cancelRequested ? 6 : 0, () => (
        { ...facts, type: 'ActivityTaskCanceled', failure: encodeFailure(new CancelledFailure('CANCELLED')) })],
    ])()
  }
}
