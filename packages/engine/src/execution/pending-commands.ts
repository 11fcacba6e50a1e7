/**
 * Commands that wait for their outcome: activities and timers, by command number.
 * It owns the numbering. (I6: equal code and equal events give equal numbers.)
 */
import type { Headers } from '@perdure/workflow'
import type { PendingCommand, ResolvedActivityOptions, ResolvedChildOptions, WorkflowTarget } from '@perdure/workflow/host'
import type { CommandNumber, Millis } from '../protocol/ids.ts'
import type { Payload } from '../protocol/payload.ts'
import type { Deferred } from './deferred.ts'
import { SeldomMap } from './seldom.ts'
import { TimerQueue } from './timer-queue.ts'

export interface PendingActivity {
  readonly type: 'activity'
  readonly command: CommandNumber
  readonly activityType: string
  readonly activityId: string
  readonly options: ResolvedActivityOptions
  readonly input: Payload
  readonly scheduledAt: Millis
  /** Number of the activation that asked for it. */
  readonly activation: number
  cancelRequested: boolean
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

export type ActivityAsked = Omit<PendingActivity, 'type' | 'command' | 'activityId' | 'resolve' | 'reject' | 'cancelRequested'>

export interface PendingTimer {
  readonly type: 'timer'
  readonly command: CommandNumber
  readonly durationMs: number
  readonly startedAt: Millis
  readonly fireAt: Millis
  /** For people. Few timers have one. */
  readonly summary?: string
  readonly resolve: (value: undefined) => void
  readonly reject: (error: Error) => void
}

export interface PendingChild {
  readonly command: CommandNumber
  readonly workflowType: string
  readonly options: ResolvedChildOptions
  readonly input: Payload
  readonly initiatedAt: Millis
  readonly activation: number
  /** Of its first run; undefined until it is known to be there. */
  runId: string | undefined
  cancelRequested: boolean
  readonly start: Deferred<string>
  readonly end: Deferred<unknown>
}

/** To whom: the open run of an id, one run, or the chain of a child of this execution, which need not be started yet. */
export type ExternalTarget = WorkflowTarget & { readonly child?: PendingChild }

export interface ExternalRequest {
  readonly command: CommandNumber
  readonly kind: 'signal' | 'cancel'
  readonly target: ExternalTarget
  /** Of a signal. */
  readonly signalName: string
  readonly input: Payload
  readonly headers: Headers | undefined
  readonly initiatedAt: Millis
  readonly activation: number
  readonly answer: Deferred<void>
}

/** Gives out command numbers, and remembers what each was. */
export interface CommandNumbers {
  next(description: string): CommandNumber
}

export class PendingCommands implements CommandNumbers {
  readonly activities = new SeldomMap<CommandNumber, PendingActivity>()
  readonly timers = new SeldomMap<CommandNumber, PendingTimer>()
  #timerQueue: TimerQueue<PendingTimer> | undefined
  /** What each command was, for diffs: index = number - 1. Strings are shared, so this costs a pointer each. */
  readonly #descriptions: string[] = []
  readonly #locations: string[] | undefined

  constructor(captureLocations: boolean) {
    this.#locations = captureLocations ? [] : undefined
  }

  get issued(): number {
    return this.#descriptions.length
  }

  describe(command: CommandNumber): string | undefined {
    return this.#descriptions[command - 1]
  }

  location(command: CommandNumber): string | undefined {
    return this.#locations?.[command - 1]
  }

  addActivity(facts: ActivityAsked): PendingCommand<unknown> {
    const command = this.next(`activity '${facts.activityType}'`)
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const activityId = facts.options.activityId ?? String(command)
    this.activities.set(command, { type: 'activity', command, activityId, ...facts, cancelRequested: false, resolve, reject })
    return { command, settled: promise }
  }

  addTimer(durationMs: number, now: Millis, summary?: string): PendingCommand<void> {
    const command = this.next('timer')
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const facts = { type: 'timer', command, durationMs, startedAt: now, fireAt: now + durationMs, resolve, reject } as const
    const timer: PendingTimer = summary === undefined ? facts : { ...facts, summary }
    this.timers.set(command, timer)
    this.#timerQueue ??= new TimerQueue((each) => this.timers.has(each.command))
    this.#timerQueue.add(timer)
    return { command, settled: promise }
  }

  /** When it next has work by itself, or null; timers that were taken are under way. */
  earliestTimer(): Millis | null {
    return this.#timerQueue?.earliest ?? null
  }

  /** Each once, earliest first, then in the order in which they were started. */
  takeDueTimers(now: Millis): readonly PendingTimer[] {
    return this.#timerQueue?.takeDue(now) ?? []
  }

  next(description: string): CommandNumber {
    this.#locations?.push(callerLocation())
    return this.#descriptions.push(description)
  }
}

/** First stack line outside of this package: where workflow code made the call. */
function callerLocation(): string {
  const lines = (new Error('location').stack ?? '').split('\n').slice(1)
  const own = /packages[\\/](engine|workflow)[\\/]|@perdure[\\/](engine|workflow)[\\/]|node:internal/
  return lines.find((line) => !own.test(line))?.trim().replace(/^at /, '') ?? 'unknown'
}
