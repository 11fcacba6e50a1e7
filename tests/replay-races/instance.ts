/**
 * One program in memory, driven by the worker's own steps (execution-steps.ts) and drain (drain-point.ts): what a worker does
 * without its store. `Faults` spoil it, to show that the search would notice.
 */
import { isMessage, type HistoryEvent, type InboxRequest } from '../../packages/engine/src/protocol/event.ts'
import type { ExecutionRecord } from '../../packages/engine/src/protocol/execution-record.ts'
import { asRunId } from '../../packages/engine/src/protocol/ids.ts'
import type { Payload } from '../../packages/engine/src/protocol/payload.ts'
import type { EventRecord } from '../../packages/engine/src/protocol/transition.ts'
import type { Command, CompleteUpdate } from '../../packages/engine/src/execution/command.ts'
import type { LiveExecution } from '../../packages/engine/src/execution/live-execution.ts'
import type { QueryEnd } from '../../packages/engine/src/execution/query-run.ts'
import { drained } from '../../packages/engine/src/worker/turns/drain-point.ts'
import { stepExecution } from '../../packages/engine/src/worker/executions/execution-steps.ts'
import { createLive } from '../../packages/engine/src/worker/executions/live-factory.ts'
import { ownedExecution, replayOf, type Input, type OwnedExecution } from '../../packages/engine/src/worker/commits/owned-execution.ts'
import { completeUpdate, markPatches, settleEarlyUpdates } from '../../packages/engine/src/worker/executions/replayed-commands.ts'
import { farOf } from './far-leaves.ts'
import { endOf, startedAt, waitsOf } from './instance-text.ts'
import type { Observed } from './machine.ts'
import type { Program } from './program.ts'
import { interpret } from './program-workflow.ts'

export const record: ExecutionRecord = {
  namespace: 'test', workflowId: 'w', runId: asRunId('01a1fc1d-1a1f-7fa9-8a3e-0a90c10d8b28'), workflowType: 'program', taskQueue: 'queue',
  status: 'RUNNING', priority: 3, owner: null, wakeAt: null, held: null, input: '[]' as Payload, result: null, failure: null, memo: null,
  searchAttributes: null, firstRunId: asRunId('01a1fc1d-1a1f-7fa9-8a3e-0a90c10d8b28'), takeovers: 0, startedAt, firstTaskAt: startedAt,
  closedAt: null, parent: null, expiresAt: null, details: null,
}

export type Drain = typeof drained

export interface InstanceParts {
  readonly program: Program
  /** Default: that of a program that starts. */
  readonly record?: ExecutionRecord
  /** Of the world around it. */
  readonly now: () => number
  /** What it replays. Absent: it is new. */
  readonly history?: readonly EventRecord[]
  /** Its code ran in this process from its first line on. */
  readonly isOurs?: boolean
  readonly drain?: Drain
  /** A fault: the conditions are not looked at after each event. */
  readonly withoutConditions?: boolean
  /** Faults of the execution itself. */
  readonly spoil?: (live: LiveExecution) => void
}

/** Where an execution stands, as text that can be compared. */
export interface State {
  /** How many were issued, and what waits. */
  readonly waits: string
  readonly memory: string
  readonly end: string
}

export class Instance {
  readonly owned: OwnedExecution
  readonly live: LiveExecution
  readonly strays: Error[] = []
  /** Events since it was made that it applied, as far as they were not replayed. */
  readonly log: EventRecord[] = []
  readonly causes: Input[] = []
  /** Some update was refused. */
  rejected = false
  /** Updates whose ends the replayed history does not have. */
  unfinished: readonly CompleteUpdate[] = []
  readonly #parts: InstanceParts
  #observed: Observed | undefined
  #consumed: number[] = []
  #replayed: Command[] = []

  /** The workflow function; the last call is the one that is looked at. */
  readonly fn = (generation: number = 0): Promise<readonly string[]> => {
    const { program } = this.#parts
    const far = program.updates === undefined ? undefined : farOf(generation)
    return interpret(program, (observed) => { this.#observed = observed }, far)
  }

  constructor(parts: InstanceParts) {
    this.#parts = parts
    const { now, history } = parts
    const row = parts.record ?? record
    this.owned = ownedExecution(row, row.startedAt)
    this.owned.live = this.live = createLive({
      record: row, wallClock: now, onStray: (error) => void this.strays.push(error),
      fn: this.fn, isOurs: parts.isOurs === true,
    })
    parts.spoil?.(this.live)
    if (history !== undefined) this.owned.replay = replayOf(history)
  }

  /** What happens to it; the worker decides when it is applied. `inboxId`: it came by the inbox. */
  offer(event: HistoryEvent | InboxRequest, inboxId?: number): void {
    if (inboxId !== undefined) this.owned.known.add(inboxId)
    this.owned.inputs.push({ event, data: undefined, inboxId, unreadable: undefined })
  }

  get hasMessages(): boolean {
    return this.owned.inputs.some(({ event }) => isMessage(event))
  }

  get isReplaying(): boolean {
    return this.owned.replay !== undefined
  }

  get trace(): readonly string[] {
    return this.#observed?.trace ?? []
  }

  /** One step of the worker, to quiescence. False: there was nothing to do. */
  async step(): Promise<boolean> {
    const { live, owned } = this
    const clock = { now: this.#parts.now, correct: () => undefined, timer: () => () => undefined }
    owned.timerAt = live.pending.earliestTimer()
    const applied = await this.#activate(() => stepExecution({ clock }, owned))
    while (owned.settling) await this.#activate(() => stepExecution({ clock }, owned))
    if (live.taskFailure === undefined) this.#settleEarly()
    this.#noteReplay()
    this.flush()
    return applied
  }

  /** What it wrote is in the log. */
  flush(): void {
    const { owned } = this
    const { unit } = owned
    if (unit === undefined) return
    this.log.push(...unit.events)
    this.causes.push(...unit.causes)
    this.#consumed.push(...unit.consumed)
    this.rejected ||= unit.updates.some(({ stage }) => stage === 'rejected')
    for (const id of unit.consumed) owned.known.delete(id)
    owned.unit = undefined
  }

  /** Inbox rows that are gone with what was written since the last call. */
  takeConsumed(): readonly number[] {
    return this.#consumed.splice(0)
  }

  completeUpdate(command: CompleteUpdate): void {
    completeUpdate(this.owned, command)
    this.flush()
  }

  /** As the desk of queries asks one that is in memory. */
  query(name: string, args: readonly unknown[]): Promise<QueryEnd> {
    const { live } = this
    return drained(() => live.beginQuery(name, args), (query) => live.endQuery(query))
  }

  /** One event as it stands in a log, whatever the worker would have taken next. */
  async apply(apply: () => void): Promise<void> {
    await this.#activate(apply, false)
    while (this.owned.settling) {
      await this.#activate(() => { this.owned.settling = false; this.live.settleMore() }, false)
    }
  }

  takeCommands(): readonly Command[] {
    return [...this.#replayed.splice(0), ...this.live.takeCommands()]
  }

  state(): State {
    return this.stateOf(this.live)
  }

  /** Of another execution of the same function. */
  stateOf(live: LiveExecution): State {
    const { trace = [], variables = [] } = this.#observed ?? {}
    return {
      waits: waitsOf(live),
      memory: [`time ${live.time - startedAt}, variables ${variables.join(' ')}`, ...trace].join('\n'),
      end: endOf(live),
    }
  }

  #settleEarly(): void {
    try {
      settleEarlyUpdates(this.owned, this.live)
    } catch (error) {
      this.live.fail(error)
    }
  }

  /** As the worker does after each activation of a replay, and at its end. */
  #noteReplay(): void {
    const { owned, live } = this
    const { replay } = owned
    if (replay === undefined) return
    const commands = live.takeCommands()
    this.#replayed.push(...commands)
    for (const command of commands) if (command.type === 'CompleteUpdate') replay.completed.set(command.updateId, command)
    if (replay.next < replay.events.length || live.taskFailure !== undefined) return
    try {
      live.calls.endPatches(owned.seq)
    } catch (error) {
      live.fail(error)
    }
    owned.replay = undefined
    live.replaying = false
    this.unfinished = [...replay.completed.values()]
  }

  /** `marks`: what it asks of patches becomes part of its history. */
  async #activate<T>(begin: () => T, marks = true): Promise<T> {
    const { live, owned } = this
    const drain = this.#parts.drain ?? drained
    return drain(() => { live.activating = true; return begin() }, (begun) => {
      if (marks && live.taskFailure === undefined) markPatches(owned, live)
      if (this.#parts.withoutConditions !== true) owned.settling = live.hasMore()
      live.activating = false
      return begun
    })
  }
}
