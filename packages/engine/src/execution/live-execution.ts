/**
 * One execution in memory: the running workflow function and everything it waits for.
 *
 * It owns command numbers, workflow time, scopes, conditions and handlers. It does no I/O and reads no clock (I2); the
 * activation loop feeds it one event at a time and lets microtasks run to quiescence between two calls.
 *
 * - E1: commands are accepted only while `activating`; anything else means that workflow code awaited something foreign.
 * - E2: an event resolves exactly the command with its number, or replay fails with a NondeterminismError.
 * - E3: conditions are looked at once an event is applied, and when it has come to rest; then cancelled activities are resolved.
 * - E4: a query's handler sees another host (query-run.ts), and what it does to this one is refused.
 */
import { ActivityFailure, CancelledFailure, DeterminismViolationError, isCancellation, type WorkflowInfo } from '@perdure/workflow'
import {
  createRootScope, currentScopeOrNone, type ActivityRequest, type LogLevel, type PendingCommand, type QueryHandler, type SignalHandler,
  type HostSoFar, type WorkflowScope,
} from '@perdure/workflow/host'
import { isActivityEnd, isMessage, type HistoryEvent } from '../protocol/event.ts'
import type { Millis, RunId } from '../protocol/ids.ts'
import { encodeArguments, encodePayload } from '../protocol/payload-codec.ts'
import { withoutFrames } from '../protocol/user-stack.ts'
import type { WorkflowFunction } from '../registry.ts'
import { activityOutcome } from './activity-outcome.ts'
import { type Command, logLine, type LogLine, type Outcome } from './command.ts'
import { Conditions } from './conditions.ts'
import { createRandom, type DeterministicRandom } from './deterministic-random.ts'
import { describeEvent } from './event-text.ts'
import { MessageHandlers } from './message-handlers.ts'
import { NondeterminismError } from './nondeterminism-error.ts'
import { PendingCommands } from './pending-commands.ts'
import { QueryRun, type QueryEnd } from './query-run.ts'

export interface LiveExecutionParts {
  readonly runId: RunId
  readonly workflowType: string
  readonly fn: WorkflowFunction
  readonly args: readonly unknown[]
  readonly startedAt: Millis
  /** Facts that do not change; the rest of WorkflowInfo is kept here. */
  readonly info: () => Omit<WorkflowInfo, 'historyLength' | 'historySize' | 'continueAsNewSuggested' | 'unsafe'>
  readonly historyEventsSuggested: number
  readonly wallClock: () => Millis
  readonly runInScope: <T>(scope: WorkflowScope, fn: () => T) => T
  /** Workflow code did something outside of an activation (E1). */
  readonly onStray: (error: Error) => void
  /** A call issued no command because its scope is cancelled; for numbers of Temporal. */
  readonly onPassedOver?: (kind: 'activity' | 'timer', pending: PendingCommands) => void
  /** Records where each command was issued; only for making a diff readable. */
  readonly captureLocations?: boolean
}

export class LiveExecution implements HostSoFar {
  readonly rootScope: WorkflowScope
  readonly pending: PendingCommands
  outcome: Outcome | undefined
  /** What stops this execution without ending it: it is to be held. */
  taskFailure: Error | undefined
  activating = false
  replaying = false
  historyLength = 0
  historySize = 0
  cancelRequested = false
  readonly #parts: LiveExecutionParts
  readonly #conditions = new Conditions()
  readonly #handlers: MessageHandlers
  #random: DeterministicRandom | undefined
  #commands: Command[] = []
  #logs: LogLine[] = []
  #resolutions: (() => void)[] = []
  #time: Millis
  /** The query whose handler runs now. */
  #query: QueryRun | undefined
  #activation = 0
  #begun = false

  constructor(parts: LiveExecutionParts) {
    this.#parts = parts
    this.#time = parts.startedAt
    this.pending = new PendingCommands(parts.captureLocations === true)
    this.rootScope = createRootScope(this)
    this.#handlers = new MessageHandlers((handler, args) => this.#runHandler(handler, args))
  }

  /** Runs the workflow function up to its first await. */
  begin(): void {
    this.#begun = true
    const fn = this.#parts.fn as (...args: readonly unknown[]) => Promise<unknown>
    this.#inRoot(() => {
      void this.#run(async () => {
        const result = await fn(...this.#parts.args)
        this.#finish({ type: 'completed', result: encodePayload(result, `result of workflow '${this.#parts.workflowType}'`) })
      })
    })
    this.#wakeConditions()
  }

  /** Applies one event; the caller lets microtasks run afterwards. Throws NondeterminismError (E2). */
  apply(event: HistoryEvent, at: Millis, bytes: number): void {
    this.#apply(event, at, bytes)
    this.#wakeConditions()
  }

  #apply(event: HistoryEvent, at: Millis, bytes: number): void {
    this.historyLength++
    this.#activation++
    this.historySize += bytes
    this.#time = Math.max(this.#time, at)
    if (this.outcome !== undefined && !isMessage(event)) throw this.#mismatch(describeEvent(event), 'the workflow had already ended')
    switch (event.type) {
      case 'WorkflowExecutionSignaled':
        this.#inRoot(() => this.#handlers.dispatchSignal(event.signalName, event.input))
        return
      case 'WorkflowExecutionCancelRequested':
        this.cancelRequested = true
        this.#inRoot(() => this.rootScope.cancel())
        return
      case 'WorkflowTaskStarted':
        if (this.#begun) throw this.#mismatch(describeEvent(event), 'the workflow function had already been called')
        this.begin()
        return
      case 'TimerFired': {
        const timer = this.pending.timers.get(event.command)
        if (timer === undefined) throw this.#mismatch(describeEvent(event), this.#got(event.command), event.command)
        this.pending.timers.delete(event.command)
        timer.resolve(undefined)
        return
      }
      default:
        this.#settleActivity(event)
    }
  }

  /** True when the event still has something to resolve; others are dropped before they reach the history. */
  accepts(event: HistoryEvent): boolean {
    if (this.outcome !== undefined) return isMessage(event)
    if (event.type === 'TimerFired') {
      // By its facts too: after a refused close the code ran again, and the number may be that of another timer.
      const timer = this.pending.timers.get(event.command)
      return timer?.startedAt === event.startedAt && timer.durationMs === event.durationMs
    }
    return isActivityEnd(event) ? this.pending.activities.has(event.command) : true
  }

  /** After microtasks have run: is there more to settle before this activation ends? (E3) */
  hasMore(): boolean {
    return this.#someConditionHolds() || (this.taskFailure === undefined && this.#resolutions.length > 0)
  }

  settleMore(): void {
    this.#conditions.wake()
    const resolutions = this.#resolutions
    this.#resolutions = []
    for (const resolve of resolutions) resolve()
  }

  takeCommands(): readonly Command[] {
    const commands = this.#commands
    this.#commands = []
    return commands
  }

  takeLogs(): readonly LogLine[] {
    const logs = this.#logs
    this.#logs = []
    return logs
  }

  /** The execution cannot go on by what its code did: an unhandled rejection, a throwing predicate, a stray command. */
  fail(error: unknown): void {
    if (!this.activating && this.#query !== undefined) return void this.#query.stirred('threw')
    this.taskFailure ??= error instanceof Error ? error : new Error(`Workflow code threw ${String(error)}`)
  }

  /** A promise of this execution was rejected and nobody handles it. */
  unhandled(reason: unknown): void {
    this.fail(reason)
    if (!this.activating && this.taskFailure !== undefined) this.#parts.onStray(this.taskFailure)
  }

  hasQuery(name: string): boolean {
    return this.#handlers.query(name) !== undefined
  }

  queryNames(): string[] {
    return this.#handlers.queryNames()
  }

  /** Begins to answer a query at rest; microtasks run, then `endQuery` gives the answer (E4). Nothing else runs in between. */
  beginQuery(name: string, args: readonly unknown[]): QueryRun {
    const handler = this.#handlers.query(name)
    if (handler === undefined) throw new Error(`No query handler '${name}'`)
    const { runId, runInScope } = this.#parts
    const query = new QueryRun({ name, seed: runId, info: () => this.info(), now: () => this.#time, runInScope })
    this.#query = query
    query.begin(handler, args)
    return query
  }

  endQuery(query: QueryRun): QueryEnd {
    this.#query = undefined
    return query.end()
  }

  mismatchAfterReplay(expected: string, command: number): NondeterminismError {
    return this.#mismatch(expected, this.#got(command), command)
  }

  // WorkflowHost, called by workflow code

  info(): WorkflowInfo {
    return {
      ...this.#parts.info(), historyLength: this.historyLength, historySize: this.historySize,
      continueAsNewSuggested: this.historyLength >= this.#parts.historyEventsSuggested,
      unsafe: { now: this.#parts.wallClock, isReplaying: this.replaying },
    }
  }

  now(): Millis {
    return this.#time
  }

  random(): number {
    return (this.#random ??= createRandom(this.#parts.runId)).next()
  }

  uuid4(): string {
    return (this.#random ??= createRandom(this.#parts.runId)).uuid4()
  }

  passedOver(kind: 'activity' | 'timer'): void {
    this.#parts.onPassedOver?.(kind, this.pending)
  }

  isPending(command: number): boolean {
    return this.pending.activities.has(command) || this.pending.timers.has(command)
  }

  scheduleActivity(request: ActivityRequest): PendingCommand<unknown> {
    this.#requireActivation(`activity '${request.activityType}' was called`)
    const input = encodeArguments(request.args, `activity '${request.activityType}'`)
    const { activityType, options } = request
    const scheduledAt = this.#time
    const issued = this.pending.addActivity({ activityType, options, input, scheduledAt, activation: this.#activation })
    const activityId = options.activityId ?? String(issued.command)
    this.#commands.push({ type: 'ScheduleActivity', command: issued.command, activityType, activityId, options, input, scheduledAt })
    return issued
  }

  /** By name, how many signals wait for a handler that was never set. */
  keptSignals(): Record<string, number> {
    return this.#handlers.keptSignals()
  }

  /** No command or condition of ours can wake it: it waits for a signal, or for something foreign. */
  get waitsForNothingOfOurs(): boolean {
    return this.pending.activities.size === 0 && this.pending.timers.size === 0 && this.#conditions.size === 0
  }

  /** Calls of condition() that wait. */
  get conditionCount(): number {
    return this.#conditions.size
  }

  cancelActivity(command: number): void {
    const activity = this.pending.activities.get(command)
    if (activity === undefined || activity.cancelRequested) return
    this.#requireActivation(`activity '${activity.activityType}' was cancelled`)
    activity.cancelRequested = true
    const { cancellationType } = activity.options
    // By activation, not by what was carried out already: replay must come to the same answer.
    const scheduledNow = activity.activation === this.#activation
    if (scheduledNow) this.#commands = this.#commands.filter((issued) => !('command' in issued && issued.command === command))
    else this.#commands.push({ type: 'CancelActivity', command, abandon: cancellationType === 'ABANDON' })
    if (cancellationType === 'WAIT_CANCELLATION_COMPLETED' && !scheduledNow) return
    this.#resolutions.push(() => {
      if (!this.pending.activities.delete(command)) return
      const { activityType, activityId } = activity
      activity.reject(withoutFrames(() => new ActivityFailure(
        'Activity task cancelled', activityType, activityId, 'CANCEL_REQUESTED', undefined, new CancelledFailure('CANCELLED'),
      )))
    })
  }

  startTimer(durationMs: number): PendingCommand<void> {
    this.#requireActivation('a timer was started')
    const issued = this.pending.addTimer(durationMs, this.#time)
    this.#commands.push({ type: 'StartTimer', command: issued.command, fireAt: this.#time + durationMs })
    return issued
  }

  cancelTimer(command: number, reason: Error): void {
    const timer = this.pending.timers.get(command)
    if (timer === undefined) return
    this.#requireActivation('a timer was cancelled')
    this.pending.timers.delete(command)
    this.#commands.push({ type: 'CancelTimer', command })
    timer.reject(reason)
  }

  addCondition(predicate: () => boolean): { readonly settled: Promise<void>; remove(): void } {
    this.#requireActivation('a condition was awaited')
    return this.#conditions.add(predicate)
  }

  setSignalHandler(name: string, handler: SignalHandler | undefined): void {
    this.#requireActivation(`the handler of signal '${name}' was set`)
    this.#handlers.setSignal(name, handler)
  }

  setQueryHandler(name: string, handler: QueryHandler | undefined): void {
    this.#requireActivation(`the handler of query '${name}' was set`)
    this.#handlers.setQuery(name, handler)
  }

  log(level: LogLevel, message: string, attributes?: Readonly<Record<string, unknown>>): void {
    const line = logLine(level, message, attributes)
    if (!this.replaying) this.#logs.push(line)
  }

  /** What the synchronous part of a handler made true counts, whatever its rest does (E3). */
  #wakeConditions(): void {
    if (this.#someConditionHolds()) this.#conditions.wake()
  }

  #someConditionHolds(): boolean {
    if (this.taskFailure !== undefined || this.#conditions.size === 0) return false
    try {
      return this.#inRoot(() => this.#conditions.look())
    } catch (error) {
      this.fail(error)
      return false
    }
  }

  #settleActivity(event: Extract<HistoryEvent, { activityType: string }>): void {
    const activity = this.pending.activities.get(event.command)
    if (activity === undefined || activity.activityType !== event.activityType) {
      throw this.#mismatch(describeEvent(event), this.#got(event.command), event.command)
    }
    this.pending.activities.delete(event.command)
    const settled = activityOutcome(event)
    if (settled.type === 'resolve') activity.resolve(settled.value)
    else activity.reject(settled.error)
  }

  #runHandler(handler: SignalHandler, args: unknown[]): void {
    const call = handler as (...args: unknown[]) => void | Promise<void>
    this.#inRoot(() => void this.#run(async () => call(...args)))
  }

  /** Anything thrown out of the main function or a signal handler ends the execution (failure rule of design.md section 3). */
  async #run(fn: () => Promise<void>): Promise<void> {
    try {
      await fn()
    } catch (error) {
      if (error instanceof DeterminismViolationError) this.fail(error)
      else this.#finish({ type: this.cancelRequested && isCancellation(error) ? 'cancelled' : 'failed', error })
    }
  }

  #finish(outcome: Outcome): void {
    if (!this.activating) this.#stray(`the workflow ended (${outcome.type})`)
    else this.outcome ??= outcome
  }

  #inRoot<T>(fn: () => T): T {
    return this.#parts.runInScope(this.rootScope, fn)
  }

  #requireActivation(what: string): void {
    const running = currentScopeOrNone()?.host
    if (running instanceof QueryRun) throw running.touched(what)
    if (!this.activating) throw this.#stray(what)
  }

  #stray(what: string): Error {
    if (this.#query !== undefined) return this.#query.stirred(what)
    const error = new DeterminismViolationError(
      `In workflow '${this.#parts.workflowType}' ${what} after awaiting something that is not a workflow API ` +
        '(for example crypto.subtle, timers/promises or a stream). Workflow code may await only activities, timers, conditions, signals ' +
        'and promises made from them: move the foreign call into an activity.',
    )
    this.fail(error)
    this.#parts.onStray(error)
    return error
  }

  #got(command: number): string {
    const described = this.pending.describe(command)
    const { issued } = this.pending
    if (described === undefined) return `the code issued only ${issued} command${issued === 1 ? '' : 's'} up to here`
    const settled = this.isPending(command) ? '' : ', which is settled already'
    return `command ${command} is ${described}${settled}`
  }

  #mismatch(expected: string, got: string, command?: number): NondeterminismError {
    const location = command === undefined ? undefined : this.pending.location(command)
    return new NondeterminismError({ seq: this.historyLength, expected, got, location })
  }
}
