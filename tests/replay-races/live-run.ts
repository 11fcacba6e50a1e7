/** Runs a program in a world that its seed makes: what happens, when, and how much of it at once. */
import type { Input } from '../../packages/engine/src/worker/commits/owned-execution.ts'
import type { HistoryEvent, InboxRequest } from '../../packages/engine/src/protocol/event.ts'
import type { Payload } from '../../packages/engine/src/protocol/payload.ts'
import type { EventRecord } from '../../packages/engine/src/protocol/transition.ts'
import type { Command } from '../../packages/engine/src/execution/command.ts'
import { probeQuery, probes } from './far-leaves.ts'
import { Inbox } from './inbox.ts'
import { Instance, type State } from './instance.ts'
import { commandText, startedAt } from './instance-text.ts'
import { signalNames, updateNames, type Program } from './program.ts'
import type { Random } from './random.ts'
import { Answers } from './answers.ts'

export interface Recording {
  readonly log: readonly EventRecord[]
  /** After so many events; undefined where the log was never that long (signals that came before the workflow was called). */
  readonly states: readonly (State | undefined)[]
  /** All commands up to there, wherever the worker would have taken them; others are told by the replays alone. */
  readonly commands: readonly (readonly string[] | undefined)[]
  /** Events that were offered together, for the listing. */
  readonly batches: readonly number[]
  readonly facts: ReadonlySet<string>
  /** A query that changed something: what was there before it, and after. */
  readonly disturbed: { readonly events: number; readonly before: State; readonly after: State } | undefined
}

const eventsMax = 24
const updatesMax = 8

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
  readonly #inbox = new Inbox()
  /** What led to events, and how long the log was with them. */
  #causes: { readonly input: Input; readonly length: number }[] = []
  #log: EventRecord[] = []
  /** So many events are durable: a refused close is rebuilt from them. */
  #durable = 0
  #asked: string[] = []
  /** Commands that were carried out: the world answers them. */
  #carried = new Set<number>()
  #instance: Instance
  #disturbed: Recording['disturbed']
  #now = startedAt
  #signals = 0
  #updates = 0
  #refusals = 0
  #cancelled = false
  /** No process has died under it. */
  #isOurs = true

  constructor(program: Program, random: Random) {
    this.#program = program
    this.#random = random
    this.#instance = this.#create(undefined)
  }

  async run(): Promise<Recording> {
    const random = this.#random
    if (random.chance(0.2)) for (let count = 1 + random.integer(3); count > 0; count--) this.#offerEvent(this.#signal())
    if (this.#signals > 0) this.#facts.add('early signal')
    if (this.#isFar && random.chance(0.2)) for (let count = 1 + random.integer(2); count > 0; count--) this.#offerUpdate('early update')
    await this.#rest()
    while (this.#log.length < eventsMax && !this.#hasFailed) {
      if (this.#instance.live.outcome !== undefined && !(await this.#refuseClose())) break
      if (this.#hasFailed) break
      if (random.chance(0.5)) this.#durable = this.#log.length
      if (random.chance(0.1)) await this.#restart(this.#log, [])
      else if (this.#isFar && this.#durable > 0 && random.chance(0.12)) await this.#crash()
      if (this.#hasFailed) break
      if (this.#isFar && random.chance(0.2)) await this.#ask()
      const size = random.weighted([[5, 1], [2, 2], [2, 3], [1, 5]])
      this.#now += random.weighted([[3, 0], [1, 1], [1, 3]])
      if (!this.#offer(size)) break
      this.#batches.push(this.#log.length)
      await this.#rest()
    }
    this.#noteTrace()
    const { live } = this.#instance
    // Of a failed activation nothing is written, neither its patches nor its word on early updates: another replay takes none.
    if (live.taskFailure !== undefined && live.takePatches().length + live.takeEarlyVerdicts().length > 0) {
      this.#states[this.#log.length] = this.#commands[this.#log.length] = undefined
    }
    this.#facts.add(live.taskFailure === undefined ? live.outcome?.type ?? 'open' : 'held')
    for (const { type } of this.#log) this.#facts.add(type)
    return {
      log: this.#log, states: this.#states, commands: this.#commands, batches: this.#batches, facts: this.#facts,
      disturbed: this.#disturbed,
    }
  }

  /** It has to do with others. */
  get #isFar(): boolean {
    return this.#program.updates !== undefined
  }

  get #hasFailed(): boolean {
    return this.#instance.live.taskFailure !== undefined
  }

  #create(history: readonly EventRecord[] | undefined): Instance {
    const isOurs = this.#isOurs
    return new Instance({ program: this.#program, now: () => this.#now, isOurs, ...(history === undefined ? {} : { history }) })
  }

  /** Steps as the worker does, until nothing is left to do; then its commands are carried out. */
  async #rest(): Promise<void> {
    const instance = this.#instance
    const known = this.#log.length
    const written = (): void => {
      this.#log = [...this.#log.slice(0, known), ...instance.log]
      const { length } = this.#log
      this.#inbox.consumed(instance.takeConsumed(), length)
      this.#causes.push(...instance.causes.splice(0).map((input) => ({ input, length })))
    }
    while (await instance.step()) {
      written()
      this.#states[this.#log.length] = instance.state()
      if (this.#random.chance(0.03)) this.#offerEvent(this.#signal())
      if (instance.hasMessages) continue
      if (instance.live.outcome !== undefined) break
      this.#carryOut(written)
    }
    written()
    this.#carryOut(written)
    instance.log.length = 0
    this.#states[this.#log.length] ??= instance.state()
  }

  #carryOut(written: () => void): void {
    const instance = this.#instance
    const commands = instance.takeCommands()
    this.#asked.push(...commands.map(commandText))
    this.#commands[this.#log.length] = [...this.#asked]
    for (const command of commands) this.#note(command)
    if (instance.live.taskFailure !== undefined) return
    for (const command of commands) {
      if (command.type !== 'CompleteUpdate') continue
      this.#facts.add(command.failure === null ? 'update completed' : 'update failed')
      instance.completeUpdate(command)
      written()
      // The code asked for all of them at once.
      this.#commands[this.#log.length] = [...this.#asked]
      this.#states[this.#log.length] = instance.state()
    }
  }

  #note(command: Command): void {
    if ('command' in command && !command.type.startsWith('Cancel')) this.#carried.add(command.command)
    this.#facts.add(command.type)
    if (command.type === 'AskExternalWorkflow' && command.request.kind === 'cancel' && command.request.target.child !== undefined) {
      this.#facts.add('child asked to cancel')
    }
  }

  #noteTrace(): void {
    if (this.#instance.rejected) this.#facts.add('update rejected')
    for (const line of this.#instance.trace) {
      const fact = /^\S+ \[([^\]]+)\]/.exec(line)?.[1]
      if (fact !== undefined) this.#facts.add(fact)
    }
  }

  /** Another instance replays what is there and goes on: after an eviction, a takeover or a refused close. */
  async #restart(history: readonly EventRecord[], offered: readonly Offered[]): Promise<void> {
    this.#facts.add('replayed and gone on')
    this.#noteTrace()
    this.#causes = this.#causes.filter(({ length }) => length <= history.length)
    this.#durable = history.length
    const instance = this.#create([...history])
    this.#log = [...history]
    for (const list of [this.#states, this.#commands]) list.length = history.length + 1
    this.#instance = instance
    do await instance.step(); while (instance.isReplaying && instance.live.taskFailure === undefined)
    this.#asked = instance.takeCommands().map(commandText)
    const { live } = instance
    this.#carried = new Set(
      [live.pending.activities.values(), live.calls.pendingChildren, live.calls.pendingRequests].flatMap((all) => [...all])
        .map(({ command }) => command))
    this.#log = [...history, ...instance.log]
    this.#states[this.#log.length] ??= instance.state()
    instance.causes.length = 0
    instance.takeConsumed()
    for (const update of instance.unfinished) {
      this.#facts.add('update completed again')
      instance.completeUpdate(update)
      this.#log = [...history, ...instance.log]
      this.#states[this.#log.length] = instance.state()
    }
    instance.log.length = 0
    for (const { event, inboxId } of offered) instance.offer(event, inboxId)
  }

  /** Its worker died: whatever came after some durable event never was, but for what stands in the inbox. */
  async #crash(): Promise<void> {
    this.#isOurs = false
    const ends = this.#states.flatMap((state, length) => (state !== undefined && length >= this.#durable ? [length] : []))
    const length = ends.length === 0 ? this.#log.length : this.#random.pick(ends)
    this.#facts.add(length < this.#log.length ? 'crashed, and events were lost' : 'crashed')
    await this.#restart(this.#log.slice(0, length), this.#inbox.unread(length))
    await this.#rest()
  }

  /** A message came before the close: what was not durable is undone, the message comes first, then what had led to the close. */
  async #refuseClose(): Promise<boolean> {
    if (this.#refusals === 2 || !this.#random.chance(0.3)) return false
    this.#refusals++
    this.#facts.add('refused close')
    const undone = this.#causes.filter(({ length }) => length > this.#durable).map(({ input }) => input)
    const others = [...undone, ...this.#instance.owned.inputs]
      .filter((cause) => cause.inboxId === undefined && cause.event.type !== 'WorkflowTaskStarted')
    const early = undone.some((cause) => cause.event.type === 'WorkflowTaskStarted')
    const messages = this.#inbox.unread(this.#durable)
    const again = [...messages, this.#inbox.post(this.#signal()), ...others.map(({ event }: Input): Offered => ({ event }))]
    if (early) return this.#startAgain(again)
    await this.#restart(this.#log.slice(0, this.#durable), again)
    await this.#rest()
    return true
  }

  async #startAgain(again: readonly Offered[]): Promise<boolean> {
    this.#log = []
    this.#causes = []
    for (const list of [this.#states, this.#commands, this.#asked]) list.length = 0
    this.#carried.clear()
    this.#instance = this.#create(undefined)
    for (const { event, inboxId } of again) this.#instance.offer(event, inboxId)
    await this.#rest()
    return true
  }

  /** A query between two events leaves everything as it was. */
  async #ask(): Promise<void> {
    const { live } = this.#instance
    if (live.taskFailure !== undefined) return
    const before = this.#instance.state()
    const what = this.#random.pick(probes)
    const { type } = await this.#instance.query(probeQuery.name, [what])
    this.#facts.add(`query ${what} ${type}`)
    const after = this.#instance.state()
    if (JSON.stringify(after) !== JSON.stringify(before)) this.#disturbed ??= { events: this.#log.length, before, after }
  }

  /** False: nothing can happen any more. */
  #offer(size: number): boolean {
    const random = this.#random
    const answers = new Answers(random, this.#instance.live, this.#carried)
    let timer = this.#instance.live.pending.earliestTimer()
    let offered = 0
    for (let count = 0; count < size; count++) {
      const what = random.weighted([
        [answers.activities.length > 0 ? 5 : 0, 'activity'], [timer === null ? 0 : 3, 'timer'],
        [this.#signals < 12 ? 2 : 0, 'signal'], [this.#cancelled ? 0 : 0.15, 'cancel'], [0.01, 'nothing'],
        [this.#isFar && this.#updates < updatesMax ? 1.5 : 0, 'update'], [answers.others > 0 ? 5 : 0, 'answer'],
      ] as const)
      if (what === 'timer' && timer !== null) {
        // Those that are due meanwhile fire with it, in the worker's order.
        this.#now = Math.max(this.#now, timer + random.weighted([[3, 0], [1, 4]]))
        timer = null
      } else if (what === 'signal') this.#offerEvent(this.#signal())
      else if (what === 'update') this.#offerUpdate('update')
      else if (what === 'answer') this.#offerEvent(answers.other())
      else if (what === 'cancel') {
        this.#cancelled = true
        this.#offerEvent({ type: 'WorkflowExecutionCancelRequested', reason: '', identity: 'i' })
      } else if (what === 'activity') this.#instance.offer(answers.activity())
      else continue
      offered++
    }
    return offered > 0
  }

  #offerEvent(event: HistoryEvent | InboxRequest): void {
    const { inboxId } = this.#inbox.post(event)
    this.#instance.offer(event, inboxId)
  }

  #offerUpdate(what: string): void {
    const number = ++this.#updates
    this.#facts.add(what)
    this.#offerEvent({
      type: 'WorkflowExecutionUpdateRequested', updateId: `update-${number}`, updateName: this.#random.pick(updateNames), identity: 'i',
      input: `[${number}]` as Payload,
    })
  }

  #signal(): HistoryEvent {
    const input = `[${++this.#signals}]` as Payload
    return { type: 'WorkflowExecutionSignaled', signalName: this.#random.pick(signalNames), identity: 'i', input }
  }
}

interface Offered {
  readonly event: HistoryEvent | InboxRequest
  readonly inboxId?: number
}
