/**
 * One program in memory, driven by the worker's own steps (execution-steps.ts) and drain (drain-point.ts): what a worker does
 * without its store. `Faults` spoil it, to show that the search would notice.
 */
import { isMessage, type HistoryEvent } from '../../packages/engine/src/protocol/event.ts'
import type { ExecutionRecord } from '../../packages/engine/src/protocol/execution-record.ts'
import { encodeFailure } from '../../packages/engine/src/protocol/failure-codec.ts'
import { asRunId } from '../../packages/engine/src/protocol/ids.ts'
import type { Payload } from '../../packages/engine/src/protocol/payload.ts'
import type { EventRecord } from '../../packages/engine/src/protocol/transition.ts'
import type { Command } from '../../packages/engine/src/execution/command.ts'
import type { LiveExecution } from '../../packages/engine/src/execution/live-execution.ts'
import { drained } from '../../packages/engine/src/worker/drain-point.ts'
import { stepExecution } from '../../packages/engine/src/worker/execution-steps.ts'
import { createLive } from '../../packages/engine/src/worker/live-factory.ts'
import { ownedExecution, replayOf, type Input, type OwnedExecution } from '../../packages/engine/src/worker/owned-execution.ts'
import type { Program } from './program.ts'
import { interpret, type Observed } from './program-workflow.ts'

export const startedAt = 1_000_000

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
  readonly drain?: Drain
  /** A fault: the conditions are not looked at after each event. */
  readonly withoutConditions?: boolean
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
  readonly #parts: InstanceParts
  #observed: Observed | undefined
  #messages = 0

  /** The workflow function; the last call is the one that is looked at. */
  readonly fn = (): Promise<readonly string[]> => interpret(this.#parts.program, (observed) => { this.#observed = observed })

  constructor(parts: InstanceParts) {
    this.#parts = parts
    const { now, history } = parts
    const row = parts.record ?? record
    this.owned = ownedExecution(row, row.startedAt)
    this.owned.live = this.live = createLive({
      record: row, wallClock: now, onStray: (error) => void this.strays.push(error),
      fn: this.fn,
    })
    if (history !== undefined) this.owned.replay = replayOf(history)
  }

  /** An event of the world; the worker decides when it is applied. */
  offer(event: HistoryEvent): void {
    const inboxId = isMessage(event) ? ++this.#messages : undefined
    if (inboxId !== undefined) this.owned.known.add(inboxId)
    this.owned.inputs.push({ event, data: undefined, inboxId, unreadable: undefined })
  }

  get hasMessages(): boolean {
    return this.owned.inputs.some((input) => input.inboxId !== undefined)
  }

  get isReplaying(): boolean {
    return this.owned.replay !== undefined && this.owned.replay.next < this.owned.replay.events.length
  }

  /** Replayed events and those applied since. */
  get seq(): number {
    return this.owned.seq
  }

  /** One step of the worker, to quiescence. False: there was nothing to do. */
  async step(): Promise<boolean> {
    const { live, owned } = this
    const clock = { now: this.#parts.now, correct: () => undefined, timer: () => () => undefined }
    owned.timerAt = live.pending.earliestTimer()
    const applied = await this.#activate(() => stepExecution({ clock }, owned))
    while (owned.settling) await this.#activate(() => stepExecution({ clock }, owned))
    const { unit } = owned
    if (unit !== undefined) {
      this.log.push(...unit.events)
      this.causes.push(...unit.causes)
      for (const { inboxId } of unit.causes) if (inboxId !== undefined) owned.known.delete(inboxId)
      owned.unit = undefined
    }
    if (!this.isReplaying) live.replaying = false
    return applied
  }

  /** One event as it stands in a log, whatever the worker would have taken next. */
  async apply(apply: () => void): Promise<void> {
    await this.#activate(apply)
    while (this.owned.settling) {
      await this.#activate(() => { this.owned.settling = false; this.live.settleMore() })
    }
  }

  takeCommands(): readonly Command[] {
    return this.live.takeCommands()
  }

  state(): State {
    return this.stateOf(this.live)
  }

  /** Of another execution of the same function. */
  stateOf(live: LiveExecution): State {
    const activities = [...live.pending.activities.values()].map(({ command, activityType, scheduledAt, cancelRequested, input }) => (
      `activity ${command} ${activityType}${input} at ${scheduledAt - startedAt}${cancelRequested ? ', to be cancelled' : ''}`))
    const timers = [...live.pending.timers.values()].map(({ command, fireAt }) => `timer ${command} until ${fireAt - startedAt}`)
    const { trace = [], variables = [] } = this.#observed ?? {}
    return {
      waits: [
        `${live.pending.issued} issued`, ...activities, ...timers, `${live.calls.conditions.size} conditions`,
        JSON.stringify(live.calls.handlers.keptSignals()),
      ].join('; '),
      memory: [`time ${live.time - startedAt}, ${live.history.length} events, variables ${variables.join(' ')}`, ...trace].join('\n'),
      end: endOf(live),
    }
  }

  async #activate<T>(begin: () => T): Promise<T> {
    const { live, owned } = this
    const drain = this.#parts.drain ?? drained
    return drain(() => { live.activating = true; return begin() }, (begun) => {
      if (this.#parts.withoutConditions !== true) owned.settling = live.hasMore()
      live.activating = false
      return begun
    })
  }
}

function endOf({ outcome, taskFailure }: LiveExecution): string {
  if (taskFailure !== undefined) return `held: ${taskFailure.message}`
  if (outcome === undefined) return 'open'
  if (outcome.type === 'completed') return `completed ${outcome.result}`
  return `${outcome.type} ${'error' in outcome ? failureText(encodeFailure(outcome.error)) : ''}`
}

/** Stacks tell of this file and of the interpreter, which do not matter. */
export function failureText(failure: Payload): string {
  return JSON.stringify(JSON.parse(failure, (key, value: unknown) => (key === 'stackTrace' ? undefined : value)))
}
